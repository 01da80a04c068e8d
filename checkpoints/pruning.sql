-- Threads that are deleted together with other rows of their cases, in one transaction.

-- name: delete_writes
delete from checkpoint_writes where thread_id = any(%(thread_ids)s)

-- name: delete_blobs
delete from checkpoint_blobs where thread_id = any(%(thread_ids)s)

-- name: delete_checkpoints
delete from checkpoints where thread_id = any(%(thread_ids)s)
