-- The built-in order system and the ledger of effects; both change in one transaction.

create sequence sales_order_number;

create table sales_order (
    order_number   text primary key,
    case_id        text not null unique references cases,   -- one case books one order, whatever happens
    customer_id    text not null,
    po_number      text not null default '',
    po_date        date,
    order_date     date not null,
    requested_date date,
    ship_to_code   text not null default '',
    currency       text not null,
    payment_terms  text not null default '',
    net_total      numeric not null,
    note           text not null default '',
    status         text not null default 'open' check (status in ('open', 'closed', 'cancelled')),
    created_at     timestamptz not null
);
-- A customer's order number books once; an empty one says nothing.
create unique index sales_order_po on sales_order (customer_id, po_number)
    where po_number <> '' and status <> 'cancelled';
create index on sales_order (customer_id, order_date);

create table sales_order_line (
    order_number  text not null references sales_order,
    line_number   int  not null,
    sku           text not null,
    description   text not null default '',
    customer_ref  text not null default '',
    quantity      numeric not null check (quantity > 0),
    uom           text not null,
    base_quantity numeric not null check (base_quantity > 0),
    unit_price    numeric not null,
    price_base    numeric not null,
    net           numeric not null,
    promised_date date,
    backorder     numeric not null default 0,
    primary key (order_number, line_number)
);
create index on sales_order_line (sku);

create table reservation (
    order_number  text not null references sales_order,
    line_number   int  not null,
    sku           text not null,
    base_quantity numeric not null check (base_quantity > 0),
    released_at   timestamptz,
    primary key (order_number, line_number)
);
create index on reservation (sku) where released_at is null;

create table purchase_proposal (
    order_number text not null references sales_order,
    supplier_id  text not null,
    sku          text not null,
    quantity     numeric not null,
    unit_cost    numeric not null,
    currency     text not null,
    primary key (order_number, supplier_id, sku)
);

-- What customers call our articles, learned from people's corrections.
create table learned_alias (
    customer_id  text not null,
    customer_ref text not null,
    sku          text not null,
    learned_from text not null,
    learned_at   timestamptz not null,
    primary key (customer_id, customer_ref)
);

-- One row per effect; the key is (case, kind, target) and never names a run, an attempt or a checkpoint.
create table effect (
    key          text primary key,
    case_id      text not null references cases,
    kind         text not null,
    class        text not null check (class in ('reversible', 'irreversible')),
    target       text not null,
    request      jsonb not null,
    status       text not null default 'pending' check (status in ('pending', 'sending', 'done', 'ambiguous')),
    response     jsonb,
    attempts     int not null default 0,
    approval     text not null,                             -- what allowed it: 'policy' or a review decision's id
    payload_hash text not null,
    created_at   timestamptz not null,
    done_at      timestamptz
);
create index on effect (case_id);
create index on effect (status) where status in ('pending', 'sending', 'ambiguous');
