-- The queue's tables lose as many rows as they gain, all day: they are cleaned by the number of dead rows, not by a
-- share of the table, so that the next job is found as fast after a busy week as on the first day.
alter table procrastinate_jobs set (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 500,
                                    autovacuum_vacuum_cost_delay = 0);
alter table procrastinate_events set (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 2000,
                                      autovacuum_vacuum_cost_delay = 0);
alter table procrastinate_workers set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 200);

-- How urgent a case is was counted in other points before: those that still wait keep their order by age alone.
comment on column cases.priority is 'points (see orderdesk.intake.priority); higher is served first';
