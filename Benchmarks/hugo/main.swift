// The program of the site that is built against Hugo.

import SitegenCommands

await SitegenCommand.main(site: site)
