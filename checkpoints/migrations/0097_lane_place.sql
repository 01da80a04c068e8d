-- Calls to a provider at once, by all processes together. A row is a call that waits or runs. It is worth nothing once
-- its time is over, or the fence of the case it is made for is held by nobody: a killed process keeps no place. Unlogged:
-- after a crash of the server nobody knows of a call any more.
create unlogged table lane_place (
    holder uuid primary key,
    lane text not null,
    priority integer not null,
    case_id text,
    asked_at timestamptz not null default clock_timestamp(),
    taken boolean not null default false,
    until timestamptz not null
);
create index on lane_place (lane);

-- True: `who` has one of so many places for hold_s seconds. False: it stands in the queue for wait_s seconds, and asks
-- again before they are over. First come the urgent, of equal ones who asked first. `fenced` = the case whose fence the
-- caller holds, or null.
create function take_place(
    in_lane text, who uuid, places integer, points integer, fenced text, hold_s double precision,
    wait_s double precision
) returns boolean language plpgsql as $$
declare
    ahead bigint;
begin
    perform pg_advisory_xact_lock(hashtextextended(in_lane, 43));
    insert into lane_place as p (holder, lane, priority, case_id, until)
    values (who, in_lane, points, fenced, clock_timestamp() + make_interval(secs => wait_s))
    on conflict (holder) do update set until = excluded.until
        where p.until < clock_timestamp() + make_interval(secs => wait_s / 2);
    loop
        select count(*) into ahead
        from lane_place o, lane_place me
        where me.holder = who and o.lane = in_lane and o.holder <> who
          and (o.taken or (-o.priority, o.asked_at, o.holder) < (-me.priority, me.asked_at, me.holder));
        if ahead < places then
            update lane_place set taken = true, until = clock_timestamp() + make_interval(secs => hold_s)
            where holder = who;
            return true;
        end if;
        delete from lane_place
        where lane = in_lane and holder <> who
          and (until < clock_timestamp() or hashtextextended(case_id, 42) not in (select key from held_fence));
        if not found then
            return false;
        end if;
    end loop;
end $$;
