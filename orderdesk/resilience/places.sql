-- name: take
select take_place(%(lane)s, %(holder)s, %(places)s, %(priority)s, %(case_id)s, %(hold_s)s, %(wait_s)s) as taken

-- name: leave
delete from lane_place where holder = %(holder)s
