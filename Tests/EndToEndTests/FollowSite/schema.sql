-- The tables of the site that is followed: floors with rooms, and tags of rooms.
CREATE TABLE public.floor (id bigint PRIMARY KEY, name text NOT NULL);
CREATE TABLE public.room (
    id bigint PRIMARY KEY,
    floor_id bigint NOT NULL REFERENCES public.floor ON DELETE CASCADE,
    slug text NOT NULL,
    name text NOT NULL,
    words text NOT NULL,
    opens timestamptz NOT NULL DEFAULT '2020-01-01T00:00:00Z',
    closes timestamptz
);
CREATE INDEX room_floor ON public.room (floor_id);
CREATE TABLE public.tag (id bigint PRIMARY KEY, name text NOT NULL);
CREATE TABLE public.room_tag (
    room_id bigint NOT NULL REFERENCES public.room ON DELETE CASCADE,
    tag_id bigint NOT NULL REFERENCES public.tag ON DELETE CASCADE,
    PRIMARY KEY (room_id, tag_id)
);
CREATE INDEX room_tag_tag ON public.room_tag (tag_id);
