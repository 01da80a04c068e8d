-- Master data: what a company loads from CSV (one table a file) and every rule looks things up in.
-- Columns named *_folded are written by the importer with the same function that folds what customers write
-- (tools/master/fold.py), so that both sides always agree; lists of addresses and ids are stored folded too.
-- Nothing here is ever written by booking an order: own reservations and own credit use stand in other tables,
-- so an import cannot erase them.

create table master_version (
    only_row    boolean primary key default true check (only_row),
    version     bigint not null default 0,
    imported_at timestamptz
);
comment on table master_version is 'one row; each import adds one to version, which makes article indexes stale';
insert into master_version default values;

create table product (
    sku              text primary key check (sku <> ''),
    description      text not null default '',
    long_description text not null default '',
    category         text not null default '',
    base_uom         text,
    pack_uom         text,
    pack_size        numeric check (pack_size > 0),
    min_order_qty    numeric check (min_order_qty >= 0),
    list_price       numeric check (list_price >= 0),
    price_base       numeric check (price_base > 0),
    unit_cost        numeric check (unit_cost >= 0),
    currency         text,
    lead_time_days   integer check (lead_time_days >= 0),
    gtin             text,
    status           text check (status in ('active', 'discontinued', 'superseded')),
    superseded_by    text,
    restricted       boolean,
    sku_folded       text not null,
    sku_stripped     text not null,
    gtin_folded      text
);
comment on column product.sku_folded is 'upper case, letters and digits only';
comment on column product.sku_stripped is 'sku_folded without leading zeros';
comment on column product.gtin_folded is 'the GTIN as 14 digits; null where it is not a GTIN';
create index product_sku_folded on product (sku_folded);
create index product_sku_stripped on product (sku_stripped);
create index product_gtin_folded on product (gtin_folded) where gtin_folded is not null;

create table product_uom (
    sku    text not null references product on delete cascade,
    uom    text not null,
    factor numeric not null check (factor > 0),
    primary key (sku, uom)
);
comment on column product_uom.factor is 'base units in one uom; wins over product.pack_size';

create table customer (
    customer_id          text primary key check (customer_id <> ''),
    name                 text not null default '',
    email_domains        text[] not null default '{}',
    emails               text[] not null default '{}',
    edi_ids              text[] not null default '{}',
    tax_id               text,
    phone                text,
    currency             text,
    payment_terms        text,
    freight_terms        text,
    credit_limit         numeric check (credit_limit >= 0),
    open_balance         numeric,
    overdue_balance      numeric,
    as_of                date,
    tier                 text check (tier in ('standard', 'key')),
    status               text check (status in ('active', 'blocked')),
    language             text,
    country              text,
    po_required          boolean,
    partial_allowed      boolean,
    substitution_consent boolean,
    autonomy             text check (autonomy in ('shadow', 'assist', 'auto')),
    customer_id_folded   text not null,
    edi_ids_folded       text[] not null default '{}',
    tax_id_folded        text
);
create index customer_email_domains on customer using gin (email_domains);
create index customer_emails on customer using gin (emails);
create index customer_edi_ids on customer using gin (edi_ids_folded);
create index customer_tax_id on customer (tax_id_folded) where tax_id_folded is not null;
create index customer_id_folded on customer (customer_id_folded);

create table contact (
    customer_id text not null references customer on delete cascade,
    email       text not null,
    name        text,
    phone       text,
    primary key (customer_id, email)
);
create index contact_email on contact (email);

create table ship_to (
    customer_id text not null references customer on delete cascade,
    code        text not null,
    name        text,
    street      text,
    city        text,
    region      text,
    postal_code text,
    country     text,
    is_default  boolean,
    primary key (customer_id, code)
);

create table alias (
    customer_id  text not null references customer on delete cascade,
    customer_ref text not null,
    sku          text not null references product on delete cascade,
    primary key (customer_id, customer_ref)
);

create table price (
    customer_id text,
    sku         text not null references product on delete cascade,
    uom         text not null,
    unit_price  numeric not null check (unit_price >= 0),
    currency    text,
    min_qty     numeric not null default 0 check (min_qty >= 0),
    valid_from  date,
    valid_to    date,
    foreign key (customer_id) references customer on delete cascade,
    constraint price_key unique nulls not distinct (customer_id, sku, uom, min_qty, valid_from)
);
comment on column price.customer_id is 'null: the price holds for everyone';
create index price_sku on price (sku);

create table stock (
    sku               text primary key references product on delete cascade,
    on_hand           numeric not null,
    reserved          numeric check (reserved >= 0),
    as_of             date,
    next_receipt_date date,
    next_receipt_qty  numeric check (next_receipt_qty >= 0)
);
comment on column stock.reserved is 'the outside system''s figure as of as_of; our own reservations are added to it';

create table supplier (
    supplier_id text primary key check (supplier_id <> ''),
    name        text,
    email       text
);

create table supplier_item (
    supplier_id    text not null references supplier on delete cascade,
    sku            text not null references product on delete cascade,
    unit_cost      numeric check (unit_cost >= 0),
    currency       text,
    min_order_qty  numeric check (min_order_qty >= 0),
    lead_time_days integer check (lead_time_days >= 0),
    primary key (supplier_id, sku)
);
create index supplier_item_sku on supplier_item (sku);

create table order_history (
    customer_id  text not null references customer on delete cascade,
    order_number text not null,
    sku          text not null,
    po_number    text,
    order_date   date,
    quantity     numeric not null,
    uom          text,
    unit_price   numeric,
    primary key (customer_id, order_number, sku)
);
comment on column order_history.sku is 'may name an article that is no longer in the catalogue';
create index order_history_date on order_history (customer_id, order_date);

create table holiday (
    country text not null,
    date    date not null,
    name    text,
    primary key (country, date)
);
