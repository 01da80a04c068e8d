-- Lets the saver find the checkpoints of one run of LangGraph Server (they name it, the desk's own do not).
create index checkpoints_run_id on checkpoints ((metadata ->> 'run_id')) where metadata ->> 'run_id' is not null;
