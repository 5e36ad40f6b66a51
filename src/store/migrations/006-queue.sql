-- The order of the queue, and what the user has paused.

-- Where it stands in the queue; NULL where nobody has moved it. Then its `seq` says it, with
-- room between two for others (`store/queue.rs`).
ALTER TABLE generations ADD COLUMN turn INTEGER;

CREATE INDEX generations_waiting ON generations (coalesce(turn, seq << 20))
    WHERE state = 'queued';
CREATE INDEX generations_running ON generations (seq) WHERE state IN ('running', 'fetching');

-- The providers nothing is sent to until the user says so; '' is all of them.
CREATE TABLE pauses (provider TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
