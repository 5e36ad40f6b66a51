-- The history. Released migrations are stone: what comes later is a new file.
-- Times are milliseconds since 1970-01-01 UTC. JSON is that of the domain's own types.

-- Small facts: the oldest version of this schema whose reader still understands
-- this database, and the draft in the form.
CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO meta (key, value) VALUES ('oldest_reader', '1');

-- One row a generation. `seq` grows with time, so a page newest first is a walk down
-- the primary key, and the full-text index answers in the same order.
CREATE TABLE generations (
    seq        INTEGER PRIMARY KEY AUTOINCREMENT,
    id         TEXT    NOT NULL UNIQUE,
    parent     TEXT,
    request    TEXT    NOT NULL,
    state      TEXT    NOT NULL,
    attempt    INTEGER NOT NULL DEFAULT 0,
    created    INTEGER NOT NULL,
    finished   INTEGER,
    failure    TEXT,
    usage      TEXT,
    cost       REAL,
    words      TEXT,
    request_id TEXT
) STRICT;

CREATE INDEX generations_under_way ON generations (seq) WHERE finished IS NULL;

-- One row for every time a generation was taken up to be sent. A request may have
-- reached the service exactly where `connected` is set.
CREATE TABLE attempts (
    generation INTEGER NOT NULL REFERENCES generations (seq) ON DELETE CASCADE,
    number     INTEGER NOT NULL,
    worker     TEXT    NOT NULL,
    claimed    INTEGER NOT NULL,
    connected  INTEGER,
    status     INTEGER,
    request_id TEXT,
    length     INTEGER,
    received   INTEGER,
    bytes      INTEGER,
    sha256     TEXT,
    ended      INTEGER,
    failure    TEXT,
    PRIMARY KEY (generation, number)
) STRICT, WITHOUT ROWID;

-- One row for every picture an answer names, written before it is fetched.
-- It is kept where `path` (below the directory of the history) is set.
CREATE TABLE images (
    generation INTEGER NOT NULL REFERENCES generations (seq) ON DELETE CASCADE,
    idx        INTEGER NOT NULL,
    attempt    INTEGER NOT NULL,
    link       TEXT,
    failure    TEXT,
    path       TEXT,
    width      INTEGER,
    height     INTEGER,
    format     TEXT,
    bytes      INTEGER,
    sha256     TEXT,
    PRIMARY KEY (generation, idx)
) STRICT, WITHOUT ROWID;

-- What a search looks at. Every row ends in one private-use character of its own, a
-- word that nobody types: "everything but" needs something that is in every row.
CREATE VIEW searched (seq, prompt, negative_prompt, model) AS
    SELECT seq,
           request ->> '$.prompt',
           request ->> '$.negative_prompt',
           (request ->> '$.model') || ' ' || char(0xE000)
    FROM generations;

CREATE VIRTUAL TABLE search USING fts5 (
    prompt, negative_prompt, model,
    content = 'searched', content_rowid = 'seq',
    tokenize = 'unicode61 remove_diacritics 2',
    prefix = '1 2 3'
);

CREATE TRIGGER generations_inserted AFTER INSERT ON generations BEGIN
    INSERT INTO search (rowid, prompt, negative_prompt, model)
    SELECT seq, prompt, negative_prompt, model FROM searched WHERE seq = new.seq;
END;

CREATE TRIGGER generations_deleted BEFORE DELETE ON generations BEGIN
    INSERT INTO search (search, rowid, prompt, negative_prompt, model)
    SELECT 'delete', seq, prompt, negative_prompt, model FROM searched WHERE seq = old.seq;
END;

CREATE TRIGGER generations_reworded BEFORE UPDATE OF request ON generations BEGIN
    INSERT INTO search (search, rowid, prompt, negative_prompt, model)
    SELECT 'delete', seq, prompt, negative_prompt, model FROM searched WHERE seq = old.seq;
END;

CREATE TRIGGER generations_were_reworded AFTER UPDATE OF request ON generations BEGIN
    INSERT INTO search (rowid, prompt, negative_prompt, model)
    SELECT seq, prompt, negative_prompt, model FROM searched WHERE seq = new.seq;
END;
