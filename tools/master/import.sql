-- Statements of the importer that do not depend on the file; the rest is put together from columns.py.

-- name: bump_version
-- Locks the one row, so imports run one after the other; article indexes see that they are stale.
update master_version set version = version + 1, imported_at = clock_timestamp() returning version;

-- name: fill_price_units
-- A price without a unit is per base unit of its article.
update import_price i set uom = p.base_uom from product p where p.sku = i.sku and i.uom is null;

-- name: first_price_without_unit
select line, sku from import_price where uom is null order by line limit 1;

-- name: first_repeated_price
-- Two rows that became the same price once their unit was filled in.
select max(line) as line, min(line) as first_line from import_price
group by customer_id, sku, uom, min_qty, valid_from having count(*) > 1 order by 1 limit 1;
