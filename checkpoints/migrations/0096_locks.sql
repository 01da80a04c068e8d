-- What stands for "somebody is on this case", said once for all who ask.

-- The fences that are held, by whatever process, as hashtextextended(case_id, 42).
create view held_fence as
select (classid::bigint << 32) | objid::bigint as key from pg_locks
where locktype = 'advisory' and objsubid = 1
  and database = (select oid from pg_database where datname = current_database());

-- The name under which one job of a case may wait, and one may run; as orderdesk.intake.queue.case_lock says it.
create function case_lock(case_id text) returns text language sql immutable return 'case:' || case_id;
