-- What retention erases of reviews and decisions: what was shown and worded. Who decided what, when, and the hash of
-- what they saw stay.

-- name: erase_reviews
update review set payload = payload || jsonb_build_object(
    'errors', null,
    'action_requests', jsonb_build_array(jsonb_build_object(
        'name', payload->'action_requests'->0->'name', 'args', '{}'::jsonb, 'arguments', '{}'::jsonb,
        'description', 'Erased, as the retention policy says.')),
    'review', payload->'review'
        || '{"reasons": [], "mail": null, "handoff": null, "findings": [], "fields": [], "diff": []}')
where case_id = any(%(case_ids)s)

-- name: erase_decisions
update review_decision set body = '{"args": {}, "message": ""}' where case_id = any(%(case_ids)s)
