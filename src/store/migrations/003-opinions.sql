-- What the user thinks of a generation, what was changed of that, and a search that knows it.

ALTER TABLE generations ADD COLUMN favourite INTEGER NOT NULL DEFAULT 0;
-- From 1 to 5; 0 is no rating.
ALTER TABLE generations ADD COLUMN rating INTEGER NOT NULL DEFAULT 0;
-- A sorted list of words, as JSON.
ALTER TABLE generations ADD COLUMN tags TEXT NOT NULL DEFAULT '[]';
-- When it went to the trash.
ALTER TABLE generations ADD COLUMN trashed INTEGER;
-- Emptied out of the trash. What it cost, and when, stays true.
ALTER TABLE generations ADD COLUMN gone INTEGER NOT NULL DEFAULT 0;

-- The history as it is shown is a walk down this.
CREATE INDEX generations_shown ON generations (seq, created) WHERE trashed IS NULL;
CREATE INDEX generations_trashed ON generations (seq) WHERE trashed IS NOT NULL;

-- Every tag in use, and by how many generations.
CREATE TABLE tags (
    name TEXT PRIMARY KEY,
    uses INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Every model that was ever asked.
CREATE TABLE models (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
INSERT INTO models SELECT DISTINCT request ->> '$.model' FROM generations
    WHERE request ->> '$.model' IS NOT NULL;

-- What the user has done, oldest first. Those undone stand at the end, until something else
-- is done. `what` is the change as JSON.
CREATE TABLE operations (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    what   TEXT    NOT NULL,
    undone INTEGER NOT NULL DEFAULT 0
) STRICT;

-- The opinion of each generation before an operation and after it, as JSON.
CREATE TABLE operation_changes (
    operation  INTEGER NOT NULL REFERENCES operations (number) ON DELETE CASCADE,
    generation INTEGER NOT NULL REFERENCES generations (seq) ON DELETE CASCADE,
    before     TEXT    NOT NULL,
    after      TEXT    NOT NULL,
    PRIMARY KEY (operation, generation)
) STRICT, WITHOUT ROWID;
CREATE INDEX operation_changes_of ON operation_changes (generation);

-- Generations whose files may not be yet where their row says, or whose receipt may not tell
-- yet what it does. `version` counts how often that was so.
CREATE TABLE unsettled (
    generation INTEGER PRIMARY KEY REFERENCES generations (seq) ON DELETE CASCADE,
    version    INTEGER NOT NULL DEFAULT 1
) STRICT;

-- Searches under a name.
CREATE TABLE searches (
    name  TEXT PRIMARY KEY,
    query TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- When the generations of each 1024 in a row were asked for, so that a search for a time
-- looks at no others.
CREATE TABLE spans (
    block INTEGER PRIMARY KEY,
    first INTEGER NOT NULL,
    last  INTEGER NOT NULL
) STRICT;
INSERT INTO spans SELECT seq / 1024, min(created), max(created) FROM generations GROUP BY 1;

-- The size of each generation's first picture, or what was asked for while there is none.
CREATE VIEW sizes (seq, width, height) AS
    SELECT g.seq, coalesce(i.width, g.request ->> '$.width'),
           coalesce(i.height, g.request ->> '$.height')
    FROM generations AS g LEFT JOIN images AS i
        ON i.generation = g.seq AND i.path IS NOT NULL AND i.width > 0 AND i.height > 0
        AND i.idx = (SELECT min(idx) FROM images WHERE generation = g.seq
                     AND path IS NOT NULL AND width > 0 AND height > 0);

-- What a search looks at, anew. Beside the words there are facets: words that begin with a
-- private-use character, so that nobody can type them. `store/search.rs` has their meaning.
DROP TRIGGER generations_inserted;
DROP TRIGGER generations_deleted;
DROP TRIGGER generations_reworded;
DROP TRIGGER generations_were_reworded;
DROP TABLE search;
DROP VIEW searched;

CREATE VIEW searched (seq, prompt, negative_prompt, model, facets) AS
    SELECT g.seq, g.request ->> '$.prompt', g.request ->> '$.negative_prompt',
        g.request ->> '$.model',
        char(0xE000)
        || ' ' || char(0xE000) || 's' || g.state
        || ' ' || char(0xE000) || 'm' || hex(lower(g.request ->> '$.model'))
        || ' ' || char(0xE000) || 'p' || hex(lower(substr(g.request ->> '$.model', 1,
                instr(g.request ->> '$.model', ':') - 1)))
        || iif(g.favourite, ' ' || char(0xE000) || 'f', '')
        || iif(g.trashed IS NULL, '', ' ' || char(0xE000) || 't')
        || iif(g.rating, ' ' || char(0xE000) || 'r' || g.rating, '')
        || iif(g.request ->> '$.image' IS NULL, '', ' ' || char(0xE000) || 'b')
        || coalesce((SELECT group_concat(' ' || char(0xE000) || 'g' || hex(value), '')
                     FROM json_each(g.tags)), '')
        || coalesce(' ' || char(0xE000) || 'z' || z.width || 'x' || z.height
            || ' ' || char(0xE000) || 'o' || (sign(z.width - z.height) + 1)
            || ' ' || char(0xE000) || 'a' || length(z.width * z.height)
            || ' ' || char(0xE000) || 'a' || length(z.width * z.height) || 'd'
                || substr(z.width * z.height, 1, 1)
                || iif(rtrim(substr(z.width * z.height, 2), '0') = '', 'p', 'i'), '')
        || coalesce(' ' || char(0xE000) || 'c' || length(c.nano)
            || ' ' || char(0xE000) || 'c' || length(c.nano) || 'd' || substr(c.nano, 1, 1)
                || iif(rtrim(substr(c.nano, 2), '0') = '', 'p', 'i'), '')
    FROM generations AS g
        JOIN sizes AS z ON z.seq = g.seq
        JOIN (SELECT seq, CAST(round(cost * 1000000000) AS INTEGER) AS nano
              FROM generations) AS c ON c.seq = g.seq
    WHERE NOT g.gone;

CREATE VIRTUAL TABLE search USING fts5 (
    prompt, negative_prompt, model, facets,
    content = '', contentless_delete = 1,
    tokenize = 'unicode61 remove_diacritics 2',
    prefix = '1 2 3'
);

INSERT INTO search (rowid, prompt, negative_prompt, model, facets) SELECT * FROM searched;

-- The words of the index, to see what one that is being typed may become.
CREATE VIRTUAL TABLE words USING fts5vocab ('search', 'instance');

CREATE TRIGGER generations_inserted AFTER INSERT ON generations BEGIN
    INSERT INTO search (rowid, prompt, negative_prompt, model, facets)
        SELECT * FROM searched WHERE seq = new.seq;
    INSERT OR IGNORE INTO models
        SELECT new.request ->> '$.model' WHERE new.request ->> '$.model' IS NOT NULL;
    INSERT INTO spans VALUES (new.seq / 1024, new.created, new.created)
        ON CONFLICT (block) DO UPDATE SET
            first = min(first, excluded.first), last = max(last, excluded.last);
END;

CREATE TRIGGER generations_deleted AFTER DELETE ON generations BEGIN
    DELETE FROM search WHERE rowid = old.seq;
END;

CREATE TRIGGER generations_changed
AFTER UPDATE OF request, state, cost, favourite, rating, tags, trashed, gone ON generations
BEGIN
    DELETE FROM search WHERE rowid = old.seq;
    INSERT INTO search (rowid, prompt, negative_prompt, model, facets)
        SELECT * FROM searched WHERE seq = new.seq;
END;

CREATE TRIGGER images_kept AFTER INSERT ON images WHEN new.path IS NOT NULL BEGIN
    DELETE FROM search WHERE rowid = new.generation;
    INSERT INTO search (rowid, prompt, negative_prompt, model, facets)
        SELECT * FROM searched WHERE seq = new.generation;
END;

CREATE TRIGGER images_were_kept AFTER UPDATE OF path, width, height ON images BEGIN
    DELETE FROM search WHERE rowid = new.generation;
    INSERT INTO search (rowid, prompt, negative_prompt, model, facets)
        SELECT * FROM searched WHERE seq = new.generation;
END;
