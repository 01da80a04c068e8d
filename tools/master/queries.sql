-- Look-ups in master data. Orders, reservations and learned aliases of our own are added to what was imported.

-- name: master_version
select version from master_version;

-- name: index_rows
-- Every article, as the in-memory search needs it.
select sku, description, long_description, category from product order by sku;

-- name: products
-- Articles with the factors of all their units.
select p.*, coalesce(u.factors, '{}'::jsonb) as factors
from product p
left join lateral (
    select jsonb_object_agg(uom, factor::text) as factors from product_uom where product_uom.sku = p.sku
) u on true
where p.sku = any(%(skus)s);

-- name: skus_by_number
-- Articles whose number is one of these, blanks, dashes and case aside; or whose number without leading zeros is.
select sku, sku_folded, sku_stripped from product
where sku_folded = any(%(folded)s) or sku_stripped = any(%(stripped)s);

-- name: skus_by_gtin
select sku, gtin_folded from product where gtin_folded = any(%(gtins)s);

-- name: customers
select c.*, coalesce(k.contacts, '{}') as contacts, coalesce(k.phones, '{}') as contact_phones
from customer c
left join lateral (
    select array_agg(email order by email) as contacts,
           array_agg(phone order by email) filter (where phone is not null) as phones
    from contact where contact.customer_id = c.customer_id
) k on true
where c.customer_id = any(%(ids)s) order by c.customer_id;

-- name: customers_by_signals
-- Accounts that one of the stated identifiers points to, and which identifier it was.
select 'email' as signal, customer_id from customer where emails @> array[%(email)s::text]
union select 'email', customer_id from contact where email = %(email)s
union select 'domain', customer_id from customer where email_domains @> array[%(domain)s::text]
union select 'edi', customer_id from customer where edi_ids_folded && %(ids)s::text[]
union select 'number', customer_id from customer where customer_id_folded = any(%(numbers)s::text[])
union select 'tax', customer_id from customer where tax_id_folded = %(tax_id)s;

-- name: customer_names
select customer_id, name from customer where name <> '';

-- name: ship_tos
select * from ship_to where customer_id = %(customer_id)s order by code;

-- name: aliases
-- The agreed part numbers of an account, and those that a person's correction taught us.
select customer_ref, sku, false as learned from alias where customer_id = %(customer_id)s
union all
select l.customer_ref, l.sku, true from learned_alias l join product p on p.sku = l.sku
where l.customer_id = %(customer_id)s;

-- name: prices
-- Prices of an account and those for everyone; which one holds is the pricing rules' affair.
select * from price where sku = any(%(skus)s) and (customer_id = %(customer_id)s or customer_id is null)
order by sku, customer_id nulls last, uom, min_qty, valid_from;

-- name: stock
select s.*, coalesce(r.own, 0) as own_reserved
from stock s
left join lateral (
    select sum(base_quantity) as own from reservation where reservation.sku = s.sku and released_at is null
) r on true
where s.sku = any(%(skus)s);

-- name: supplier_items
select i.*, s.name as supplier_name from supplier_item i join supplier s using (supplier_id)
where i.sku = any(%(skus)s) order by i.sku, i.unit_cost nulls last, i.supplier_id;

-- name: history
-- What an account bought, imported and booked here; cancelled orders were not bought. The row limit keeps an
-- account with a very long past from filling memory; the newest lines come first.
select order_number, coalesce(po_number, '') as po_number, order_date, sku, quantity, coalesce(uom, '') as uom, unit_price
from order_history where customer_id = %(customer_id)s and (%(since)s::date is null or order_date >= %(since)s)
union all
select o.order_number, o.po_number, o.order_date, l.sku, l.quantity, l.uom, l.unit_price
from (select order_number, po_number, order_date from sales_order
      where customer_id = %(customer_id)s and status <> 'cancelled'
        and (%(since)s::date is null or order_date >= %(since)s)
      order by order_date desc, order_number desc limit %(most)s) o
join sales_order_line l using (order_number)
order by order_date desc nulls last, order_number desc, sku
limit %(most)s;

-- name: holidays
select date from holiday
where country = %(country)s and extract(year from date) = any(%(years)s::int[]) order by date;

-- name: credit
-- Own exposure: our own open orders, on top of the imported open balance.
select coalesce(sum(net_total), 0) as own_exposure from sales_order
where customer_id = %(customer_id)s and status = 'open';
