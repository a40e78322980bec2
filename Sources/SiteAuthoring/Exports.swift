// The one import of an author: `import SiteAuthoring` brings the component language and the row
// types along.
//
// This is the only file of the project that re-exports modules. Of Postgres, a site sees the value
// types of columns; connections are not public, so a component cannot do I/O by accident.

@_exported public import Markup
@_exported public import MaterializedViews
@_exported public import Postgres
