-- Cards on a page.
-- key: slug
-- refresh: materialized
-- json: cards [Card]
SELECT l.slug, l.title, l.intro, l.cards FROM public.page l
