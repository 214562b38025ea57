packages="postgresql postgresql-client redis-server rsync openssl"
about="a database server; PostgreSQL and Redis, dumps, backups, restores, roles, vacuum"

database() {
  remote admin <<'SCRIPT'
sudo service postgresql start; sudo service redis-server start
sudo -u postgres createuser app && sudo -u postgres createdb -O app shop
sudo -u postgres psql -qc "alter role app password 'not-secret'"
sudo -u postgres psql -q shop <<'SQL'
create table orders (id serial primary key, sku text, made timestamptz default now());
insert into orders (sku) select 'A-' || n from generate_series(1, 2000) n;
SQL
sudo -u postgres psql -Atc 'select version()'
redis-cli ping; redis-cli set started 1
SCRIPT
}

dump() {
  remote admin <<'SCRIPT'
set -e
stamp=$(date +%Y%m%d%H%M%S)
sudo install -d -o postgres -m 700 /var/backups/postgres
sudo -u postgres sh -c "pg_dump -Fc shop > /var/backups/postgres/shop-$stamp.dump"
sudo -u postgres sh -c "pg_dumpall --globals-only | gzip > /var/backups/postgres/globals-$stamp.sql.gz"
sudo -u postgres pg_restore --list /var/backups/postgres/shop-$stamp.dump | wc -l
sudo tar -C / -czf /var/backups/etc-$stamp.tar.gz etc/postgresql etc/redis etc/passwd etc/shadow etc/group
sudo sha256sum /var/backups/etc-$stamp.tar.gz | sudo tee /var/backups/etc-$stamp.sha256 > /dev/null
sudo openssl enc -aes-256-cbc -pbkdf2 -pass pass:example -in /var/backups/etc-$stamp.tar.gz -out /var/backups/etc-$stamp.tar.gz.enc
sudo curl -s -T /var/backups/etc-$stamp.tar.gz.enc http://api.example.com/backups/
sudo find /var/backups -name 'etc-*.enc' -mmin +1 -delete
SCRIPT
}

restore() {
  remote admin <<'SCRIPT'
latest=$(sudo sh -c 'ls -t /var/backups/postgres/*.dump' | head -1)
sudo -u postgres dropdb --if-exists shop_test && sudo -u postgres createdb shop_test
sudo cp "$latest" /tmp/restore.dump && sudo chown postgres /tmp/restore.dump
sudo -u postgres pg_restore -d shop_test /tmp/restore.dump
sudo -u postgres psql -Atc 'select count(*) from orders' shop_test
sudo rm /tmp/restore.dump; sudo -u postgres dropdb shop_test
SCRIPT
}

copy_backups() {
  remote deploy <<'SCRIPT'
mkdir -p /tmp/mirror.$$ && sudo rsync -a --delete /var/backups/ /tmp/mirror.$$/
sudo rsync -an --itemize-changes /etc/ /tmp/mirror.$$/etc/ | wc -l
sudo rm -rf /tmp/mirror.$$
SCRIPT
}

maintenance() {
  cron_runs 8 <<'CRON'
postgres psql -qc 'vacuum analyze' shop
postgres pg_isready -q && psql -Atc 'select pg_database_size(datname) from pg_database' > /dev/null
postgres find /var/backups/postgres -name '*.dump' -mtime +14 -delete
root /usr/bin/redis-cli bgsave > /dev/null
root du -s /var/lib/postgresql > /var/log/pgsize 2>/dev/null
root /usr/sbin/logrotate /etc/logrotate.d/postgresql-common
CRON
}

administration() {
  types admin 0.2 <<'TYPED'
sudo -u postgres psql -Atc 'select usename, state from pg_stat_activity'
sudo -u postgres psql -c '\l' | cat
pg_lsclusters; sudo pg_ctlcluster 15 main status
sudo -u postgres psql -c "create role report login" && sudo -u postgres psql -qc "grant select on all tables in schema public to report" shop
sudo -u postgres psql -c "drop owned by report" shop; sudo -u postgres psql -qc "drop role report"
sudo tail -n 5 /var/log/postgresql/postgresql-15-main.log
sudo sed -i 's/^#*log_min_duration_statement.*/log_min_duration_statement = 500/' /etc/postgresql/15/main/postgresql.conf
sudo service postgresql reload
redis-cli info memory | head -3; redis-cli --scan | head
df -h /var/lib/postgresql; sudo du -sh /var/lib/postgresql
sudo -u postgres bash -c 'cd && ls -la && whoami'
TYPED
}

application() {
  remote deploy <<'SCRIPT'
for n in 1 2 3 4 5 6 7 8 9 10; do
  PGPASSWORD=not-secret psql -h 127.0.0.1 -U app -Atqc "insert into orders (sku) values ('B-$n')" shop
  redis-cli incr orders > /dev/null
done
PGPASSWORD=not-secret psql -h 127.0.0.1 -U app -Atqc "copy orders to stdout csv" shop | gzip > /tmp/orders.csv.gz
curl -s --data-binary @/tmp/orders.csv.gz http://api.example.com/report; rm /tmp/orders.csv.gz
SCRIPT
}

work() {
  job database 0.03 database
  job_each dump 2 4 dump
  job_each restore 0.3 2 restore
  job_each copy_backups 4 4 copy_backups
  job_each maintenance 24 2 maintenance
  job_each administration 1 3 administration
  job_each application 48 6 application
}
