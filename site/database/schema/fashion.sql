-- The base tables of the demo, as another program would own them: sitegen only ever reads here.
--
-- A look belongs to one collection; a collection has a brand, a season, an author and an album.
-- The album is the editors' own order of the few looks that stand for the collection. A row shows
-- when it is published, not expired and not deleted *as of* fashion.edition.as_of: the views may
-- not read a clock, so whoever publishes an edition moves that one timestamp.
-- Nothing here knows of pages, fragments or sitegen.

CREATE SCHEMA fashion;

-- The one row that says which issue is on the stands, and as of when.
CREATE TABLE fashion.edition (
    slug text PRIMARY KEY CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
    only_one boolean NOT NULL DEFAULT true UNIQUE CHECK (only_one),
    number integer NOT NULL CHECK (number > 0),
    name text NOT NULL,
    letter text NOT NULL,
    as_of timestamptz NOT NULL
);

CREATE TABLE fashion.image (
    id bigint PRIMARY KEY,
    file text NOT NULL UNIQUE CHECK (file ~ '^/artwork/[a-z0-9-]+\.svg$'),
    width integer NOT NULL CHECK (width > 0),
    height integer NOT NULL CHECK (height > 0),
    kind text NOT NULL CHECK (
        kind IN ('front', 'back', 'closeup', 'detail', 'cover', 'portrait', 'mark')),
    seed bigint NOT NULL CHECK (seed >= 0),
    palette integer NOT NULL CHECK (palette >= 0)
);

CREATE TABLE fashion.photo (
    id bigint PRIMARY KEY,
    image_id bigint NOT NULL REFERENCES fashion.image ON DELETE CASCADE,
    caption text NOT NULL
);
CREATE INDEX photo_image ON fashion.photo (image_id);

CREATE TABLE fashion.person (
    id bigint PRIMARY KEY,
    slug text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
    first_name varchar(50) NOT NULL,
    last_name varchar(50) NOT NULL,
    role text NOT NULL,
    city text NOT NULL,
    biography text NOT NULL,
    photo_id bigint NOT NULL REFERENCES fashion.photo ON DELETE CASCADE
);
CREATE INDEX person_photo ON fashion.person (photo_id);
CREATE INDEX person_name ON fashion.person (last_name, first_name, id);

CREATE TABLE fashion.brand (
    id bigint PRIMARY KEY,
    slug text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
    name varchar(60) NOT NULL,
    city text NOT NULL,
    founded integer NOT NULL,
    description text NOT NULL,
    photo_id bigint NOT NULL REFERENCES fashion.photo ON DELETE CASCADE
);
CREATE INDEX brand_photo ON fashion.brand (photo_id);
CREATE INDEX brand_name ON fashion.brand (name, id);

CREATE TABLE fashion.season (
    id bigint PRIMARY KEY,
    slug text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
    name varchar(50) NOT NULL,
    position integer NOT NULL UNIQUE,
    description text NOT NULL
);

CREATE TABLE fashion.album (
    id bigint PRIMARY KEY
);

CREATE TABLE fashion.collection (
    id bigint PRIMARY KEY,
    slug text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
    title varchar(255) NOT NULL,
    subtitle text,
    description text NOT NULL,
    brand_id bigint NOT NULL REFERENCES fashion.brand ON DELETE CASCADE,
    season_id bigint NOT NULL REFERENCES fashion.season ON DELETE CASCADE,
    author_id bigint NOT NULL REFERENCES fashion.person ON DELETE CASCADE,
    album_id bigint NOT NULL UNIQUE REFERENCES fashion.album ON DELETE CASCADE,
    cover_photo_id bigint NOT NULL REFERENCES fashion.photo ON DELETE CASCADE,
    social_photo_id bigint NOT NULL REFERENCES fashion.photo ON DELETE CASCADE,
    rating smallint NOT NULL DEFAULT 0 CHECK (rating BETWEEN 0 AND 100),
    date_created timestamptz NOT NULL,
    date_published timestamptz,
    date_modified timestamptz NOT NULL,
    date_expired timestamptz,
    date_deleted timestamptz
);
CREATE INDEX collection_brand ON fashion.collection (brand_id, date_published DESC, id);
CREATE INDEX collection_season ON fashion.collection (season_id, date_published DESC, id);
CREATE INDEX collection_author ON fashion.collection (author_id, date_published DESC, id);
CREATE INDEX collection_published ON fashion.collection (date_published DESC, id);
CREATE INDEX collection_expired ON fashion.collection (date_expired)
    WHERE date_expired IS NOT NULL;
CREATE INDEX collection_cover ON fashion.collection (cover_photo_id);
CREATE INDEX collection_social ON fashion.collection (social_photo_id);

CREATE TABLE fashion.look (
    id bigint PRIMARY KEY,
    collection_id bigint NOT NULL REFERENCES fashion.collection ON DELETE CASCADE,
    slug text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
    name varchar(120) NOT NULL,
    description text NOT NULL,
    cloth text NOT NULL,
    colour text NOT NULL,
    rating smallint NOT NULL DEFAULT 0 CHECK (rating BETWEEN 0 AND 100),
    position integer NOT NULL,
    date_published timestamptz,
    date_expired timestamptz,
    date_deleted timestamptz,
    UNIQUE (collection_id, position)
);
CREATE INDEX look_rating ON fashion.look (rating DESC, id);
CREATE INDEX look_published ON fashion.look (date_published DESC, id);
CREATE INDEX look_expired ON fashion.look (date_expired) WHERE date_expired IS NOT NULL;

CREATE TABLE fashion.album_looks (
    id bigint PRIMARY KEY,
    album_id bigint NOT NULL REFERENCES fashion.album ON DELETE CASCADE,
    look_id bigint NOT NULL REFERENCES fashion.look ON DELETE CASCADE,
    position integer NOT NULL,
    UNIQUE (album_id, position),
    UNIQUE (album_id, look_id)
);
CREATE INDEX album_looks_look ON fashion.album_looks (look_id);

CREATE TABLE fashion.viewtypes (
    code varchar(2) PRIMARY KEY,
    name varchar(50) NOT NULL
);

-- One picture of a look: from the front, from the back, close up, or of a detail.
CREATE TABLE fashion.view (
    id bigint PRIMARY KEY,
    look_id bigint NOT NULL REFERENCES fashion.look ON DELETE CASCADE,
    photo_id bigint NOT NULL REFERENCES fashion.photo ON DELETE CASCADE,
    type varchar(2) NOT NULL REFERENCES fashion.viewtypes,
    position integer NOT NULL,
    UNIQUE (look_id, position)
);
CREATE INDEX view_photo ON fashion.view (photo_id);
CREATE INDEX view_type ON fashion.view (type);

-- What a visitor put aside. The token is the value of the visitor's `bag` cookie.
CREATE TABLE fashion.bag (
    token text PRIMARY KEY CHECK (token ~ '^[A-Za-z0-9_-]{4,64}$'),
    date_created timestamptz NOT NULL
);

CREATE TABLE fashion.bag_item (
    id bigint PRIMARY KEY,
    bag_token text NOT NULL REFERENCES fashion.bag ON DELETE CASCADE,
    look_id bigint NOT NULL REFERENCES fashion.look ON DELETE CASCADE,
    quantity integer NOT NULL DEFAULT 1 CHECK (quantity BETWEEN 1 AND 9),
    position integer NOT NULL,
    UNIQUE (bag_token, look_id),
    UNIQUE (bag_token, position)
);
CREATE INDEX bag_item_look ON fashion.bag_item (look_id);
