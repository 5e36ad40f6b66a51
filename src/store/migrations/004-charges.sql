-- What was ordered, and what it cost. Amounts are millionths of a US dollar.

-- What a generation was to cost when it was asked for.
ALTER TABLE generations ADD COLUMN estimate INTEGER;
UPDATE generations SET estimate = 0 WHERE json_valid(request) AND request ->> '$.model' LIKE 'demo:%';

-- One row for every time that a generation was ordered: when it was asked for, and whenever
-- it was sent again although the time before may have been charged. The last one follows the
-- generation. What certainly cost nothing is released.
CREATE TABLE charges (
    number     INTEGER PRIMARY KEY,
    generation INTEGER NOT NULL REFERENCES generations (seq) ON DELETE CASCADE,
    at         INTEGER NOT NULL,
    model      TEXT    NOT NULL,
    estimate   INTEGER,
    cost       INTEGER,
    released   INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX charges_of ON charges (generation);
-- Sums read this and no table.
CREATE INDEX charges_standing ON charges (at, model, estimate, cost, released) WHERE NOT released;

-- What the last order of each generation comes to. One row that is damaged must not keep the
-- others from being read.
CREATE VIEW charged (generation, at, model, estimate, cost, released) AS
    SELECT seq, created,
           coalesce(CASE WHEN json_valid(request) THEN request ->> '$.model' END, ''),
           estimate, CAST(round(cost * 1000000) AS INTEGER),
           state = 'cancelled' OR (state = 'failed'
               AND CASE WHEN json_valid(failure) THEN failure ->> '$.charged' END IS 'no')
    FROM generations;

INSERT INTO charges (generation, at, model, estimate, cost, released) SELECT * FROM charged;

CREATE TRIGGER generations_ordered AFTER INSERT ON generations BEGIN
    INSERT INTO charges (generation, at, model, estimate, cost, released)
        SELECT * FROM charged WHERE generation = new.seq;
END;

-- While it waits or is under way, what it is to cost stands as it was reserved.
CREATE TRIGGER generations_charged AFTER UPDATE OF state, failure, cost ON generations
WHEN new.state IN ('done', 'failed', 'cancelled', 'interrupted') BEGIN
    UPDATE charges SET (cost, released) =
        (SELECT cost, released FROM charged WHERE charged.generation = new.seq)
    WHERE number = (SELECT max(number) FROM charges WHERE generation = new.seq);
END;
