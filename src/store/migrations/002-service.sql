-- The address of the service that answered: the links in its answer may only lead to
-- this machine where the service itself is on it. An older program does without.
ALTER TABLE attempts ADD COLUMN service TEXT;
