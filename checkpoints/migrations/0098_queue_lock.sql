-- Taking a job asks of each candidate whether another job has its lock, and procrastinate's own index for that leads
-- with the id. With statistics there is one candidate. Without them, and with dead rows about, as after a crash of the
-- server, every waiting job is one, and the whole of that index was read for each: 250 ms a job with 3,300 waiting.
create index job_by_lock on procrastinate_jobs (lock) where status in ('todo', 'doing');
