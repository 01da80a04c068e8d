-- Incidents: raised once, closed when they are no longer found.

-- name: raise_incident
-- A row comes back only where it is new, or was closed and is found again.
insert into incident (incident_id, kind, subject, case_id, what, needed)
values (%(incident_id)s, %(kind)s, %(subject)s, %(case_id)s, %(what)s, %(needed)s)
on conflict (incident_id) do update
set case_id = excluded.case_id, what = excluded.what, needed = excluded.needed, times = incident.times + 1,
    raised_at = clock_timestamp(), closed_at = null
where incident.closed_at is not null
returning times

-- name: open_subjects
select subject from incident where kind = %(kind)s and closed_at is null

-- name: close_incidents
update incident set closed_at = clock_timestamp()
where kind = %(kind)s and subject = any(%(subjects)s) and closed_at is null
returning incident_id

-- name: forget_closed
delete from incident where closed_at < clock_timestamp() - make_interval(days => %(days)s)

-- name: list_open
select incident_id, kind, subject, case_id, what, needed, times, raised_at from incident
where closed_at is null order by raised_at desc, incident_id limit %(limit)s
