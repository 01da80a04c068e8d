-- Locks on cases. The number 42 and the hash are the same in all versions, as old and new ones exclude each other.

-- name: try_lock
select pg_try_advisory_lock(hashtextextended(%(name)s, 42)) as held

-- name: unlock
select pg_advisory_unlock(hashtextextended(%(name)s, 42))

-- name: still_there
select 1

-- name: notice_death
-- The server asks after 5 s of silence, and gives up a client that has not answered three times, 2 s apart.
select set_config('tcp_keepalives_idle', '5', false), set_config('tcp_keepalives_interval', '2', false),
       set_config('tcp_keepalives_count', '3', false)
