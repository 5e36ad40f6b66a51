-- Generations that were asked for together, and the prompt as it was written.

-- The id of the first of them; NULL where it was asked for alone.
ALTER TABLE generations ADD COLUMN batch TEXT;
-- What the prompt was made from, where that is not the prompt itself.
ALTER TABLE generations ADD COLUMN template TEXT;

-- What came of a generation.
CREATE INDEX generations_parent ON generations (parent) WHERE parent IS NOT NULL;

-- As before, and the batch. The rows there are belong to none, so the index holds for them.
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
        || coalesce(' ' || char(0xE000) || 'k' || substr(g.batch, -8), '')
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

-- A form or a piece of a prompt under a name, as JSON.
CREATE TABLE presets (
    name TEXT PRIMARY KEY,
    body TEXT NOT NULL
) STRICT, WITHOUT ROWID;
