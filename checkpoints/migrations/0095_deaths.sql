-- A worker that dies again and again with a case is told from one that dies while the case goes on.
alter table cases add column begun_at text;            -- the checkpoint it was last begun from; null = from its start
