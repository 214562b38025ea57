packages="nginx-light apache2 fcgiwrap php-cli php-cgi libcgi-pm-perl awstats ssl-cert dehydrated git spawn-fcgi openssl imagemagick"
about="a web server; Apache with CGI programs in Perl, PHP and shell, nginx as a proxy, certificates, statistics, deployments"

site() {
  remote admin <<'SCRIPT'
sudo service nginx stop
sudo mkdir -p /var/www/app /var/www/cgi-bin /var/www/.well-known && cd /tmp
cat > status.sh <<'CGI'
#!/bin/sh
echo "Content-Type: text/plain"; echo
echo "host $(hostname) up $(cut -d. -f1 /proc/uptime)s"
df -P / | awk 'NR==2 {print "disk " $5}'
CGI
cat > form.pl <<'CGI'
#!/usr/bin/perl
use CGI; my $q = CGI->new; print $q->header('text/plain');
my $date = `date -u +%F`; print "thanks ", $q->param('name') // '', " ", $date;
open(my $mail, '|-', 'cat > /dev/null') or die; print $mail "order\n"; close $mail;
CGI
cat > image.php <<'PHP'
<?php
$in = tempnam(sys_get_temp_dir(), 'img'); file_put_contents($in, base64_decode('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7'));
$size = (int) ($_GET['size'] ?? 64);
shell_exec("convert gif:$in -resize {$size}x{$size} png:$in.png 2>&1"); echo filesize("$in.png"), "\n";
exec('git -C /var/www/app log -1 --format=%h 2>/dev/null', $out); echo implode($out), "\n";
unlink($in); @unlink("$in.png");
PHP
cat > report.php <<'PHP'
<?php
$handle = popen('/usr/bin/gzip -c', 'w'); fwrite($handle, str_repeat("line\n", 10)); pclose($handle);
echo shell_exec('curl -s http://api.example.com/orders | head -c 100');
PHP
sudo install -m 755 status.sh form.pl /var/www/cgi-bin/
sudo install -m 644 image.php report.php /var/www/app/
rm -f status.sh form.pl image.php report.php
printf '#!/bin/sh\nREDIRECT_STATUS=1 SCRIPT_FILENAME=/var/www/app/$(basename "$PATH_INFO") exec /usr/bin/php-cgi\n' | sudo tee /var/www/cgi-bin/php >/dev/null
sudo chmod 755 /var/www/cgi-bin/php
sudo tee /etc/apache2/conf-available/app.conf >/dev/null <<'CONF'
ScriptAlias /bin/ /var/www/cgi-bin/
<Directory /var/www/cgi-bin>
  Require all granted
</Directory>
CONF
sudo sed -i 's/^Listen 80$/Listen 8080/' /etc/apache2/ports.conf
sudo a2enmod -q cgid && sudo a2enconf -q app
sudo tee /etc/nginx/sites-available/default >/dev/null <<'CONF'
server { listen 80; root /var/www/html;
  location /bin/ { proxy_pass http://127.0.0.1:8080; }
}
CONF
sudo apachectl configtest && sudo service apache2 restart
sudo nginx -t && sudo service nginx start
curl -fsS http://127.0.0.1/bin/status.sh
SCRIPT
}

requests() {
  local n
  for n in 1 2 3 4 5 6 7 8; do
    outside curl -s -o /dev/null "http://10.0.1.10/?q=$n"
    outside curl -s -o /dev/null http://10.0.1.10/bin/status.sh
    outside curl -s -o /dev/null "http://10.0.1.10/bin/form.pl?name=Sakura+$n"
    outside curl -s -o /dev/null "http://10.0.1.10/bin/php/image.php?size=$((32 * n))"
    outside curl -s -o /dev/null http://10.0.1.10/bin/php/report.php
  done
}

# A deployment: fetch, test, switch a link, clear the cache, reload.
deploy() {
  remote deploy <<SCRIPT
set -e
release=/var/www/releases/\$(date +%Y%m%d%H%M%S)
curl -fsS -o /tmp/release.json http://mirror.example.net/npm/package-lock.json
sudo mkdir -p \$release && sudo cp /tmp/release.json \$release/ && rm /tmp/release.json
printf '<html>release $1</html>' | sudo tee \$release/index.html > /dev/null
sudo chown -R www-data: \$release && sudo chmod -R g+rX \$release
sudo ln -sfn \$release /var/www/html/current
sudo -u www-data php -r 'echo count(glob("/var/www/app/*.php"));'
sudo -u www-data sh -c 'cd /var/www/app && php -l image.php && php -l report.php'
sudo nginx -t && sudo service nginx reload && sudo apachectl graceful
curl -fsS -o /dev/null http://127.0.0.1/current/
SCRIPT
}

# Jobs of the application and of the site, by cron under www-data and root.
application_cron() {
  cron_runs 8 <<'CRON'
www-data php -r 'foreach (glob("/tmp/sess_*") as $f) { unlink($f); }'
www-data cd /var/www/app && php report.php > /dev/null 2>&1
www-data curl -fsS -o /dev/null http://127.0.0.1/bin/status.sh
www-data /usr/bin/find /var/www -name '*.tmp' -mtime +1 -delete
www-data [ -x /usr/share/awstats/tools/update.sh ] && /usr/share/awstats/tools/update.sh
root /usr/sbin/logrotate /etc/logrotate.d/nginx
root find /var/www/releases -mindepth 1 -maxdepth 1 -type d -mtime +30 -exec rm -rf {} +
CRON
}

certificate() {
  remote admin <<'SCRIPT'
sudo mkdir -p /etc/ssl/app && cd /etc/ssl/app
sudo openssl req -new -newkey rsa:2048 -nodes -subj /CN=shop.example.com -keyout new.key -out new.csr 2>/dev/null
sudo openssl x509 -req -in new.csr -signkey new.key -days 90 -out new.crt 2>/dev/null
sudo openssl x509 -in new.crt -noout -enddate -checkend 86400
sudo mv new.key app.key && sudo mv new.crt app.crt && sudo chmod 600 app.key && sudo rm new.csr
sudo dehydrated --version | head -3
sudo nginx -t && sudo service nginx reload
SCRIPT
}

investigate() {
  types admin 0.2 <<'TYPED'
sudo tail -n 20 /var/log/nginx/access.log | awk '{print $1}' | sort | uniq -c | sort -rn | head
sudo grep ' 500 ' /var/log/nginx/access.log | wc -l
sudo -u www-data id
sudo -u www-data ls -la /var/www/app
ps -u www-data -o pid,etime,args
curl -sI http://127.0.0.1/ | head -1; curl -s http://127.0.0.1/bin/status.sh
sudo ss -ltnp | grep -E ':80|:8080'
sudo apachectl -S; apache2 -v; php -v; sudo nginx -T | grep -c server
sudo cat /etc/passwd | grep www-data; getent passwd www-data
sudo chmod 640 /var/log/nginx/error.log
sudo vim.tiny -es -c ':wq' /etc/nginx/sites-available/default
TYPED
}

work() {
  job site 0.03 site
  job_each requests 200 8 requests
  job_each deploy 3 3 deploy
  job_each application_cron 96 2 application_cron
  job certificate 0.03 certificate
  job_each investigate 1 2 investigate
}
