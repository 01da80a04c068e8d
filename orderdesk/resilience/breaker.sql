-- name: read
-- One breaker, with the database's own time; no row = closed, nothing known.
select state, failures, openings, generation, coalesce(last_error, '') as last_error,
       coalesce(extract(epoch from retry_at), 0)::float8 as retry_at,
       extract(epoch from clock_timestamp())::float8 as now
from breaker where name = %(name)s

-- name: make
-- The row must be there before it can be locked.
insert into breaker (name) values (%(name)s) on conflict do nothing

-- name: lock
-- As `read`; nobody else changes it until this transaction ends.
select state, failures, openings, generation, coalesce(last_error, '') as last_error,
       coalesce(extract(epoch from retry_at), 0)::float8 as retry_at,
       extract(epoch from clock_timestamp())::float8 as now
from breaker where name = %(name)s for update

-- name: write
update breaker
set state = %(state)s, failures = %(failures)s, openings = %(openings)s, last_error = nullif(%(last_error)s, ''),
    changed_at = case when generation = %(generation)s then changed_at else clock_timestamp() end,
    generation = %(generation)s,
    retry_at = case when %(state)s = 'closed' then null else to_timestamp(%(retry_at)s) end
where name = %(name)s

-- name: reset
-- Closed at once; whatever is under way says nothing any more.
update breaker
set state = 'closed', failures = 0, openings = 0, generation = generation + 1, retry_at = null, last_error = null,
    changed_at = clock_timestamp()
where name = %(name)s

-- name: states
-- All of them, for people.
select name, state, failures, retry_at, last_error, changed_at from breaker order by name
