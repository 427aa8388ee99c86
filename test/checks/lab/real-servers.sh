# Sourced by a script in the lab: starts servers of Debian on 127.0.0.1, from the tree $tree.
# shellcheck shell=dash
cd /tmp || exit

# smtpd wants users, and directories below /var.
cp -a /etc /tmp/etc && mount --bind /tmp/etc /etc
for user in opensmtpd:101 opensmtpq:102; do
  echo "${user%:*}:x:${user#*:}:${user#*:}::/var/lib/opensmtpd/empty:/bin/false" >>/etc/passwd
  echo "${user%:*}:x:${user#*:}:" >>/etc/group
done
mount -t tmpfs none /var
mkdir -p /var/spool/smtpd /var/lib/opensmtpd/empty && ln -s /run /var/run && chmod 711 /var/spool/smtpd
echo 'listen on 127.0.0.1 hostname mail.example
match from any for any reject' >/tmp/smtpd.conf
"$tree/usr/sbin/smtpd" -d -f /tmp/smtpd.conf >/tmp/smtpd.log 2>&1 &

"$tree/usr/sbin/dnsmasq" --no-daemon --conf-file=/dev/null --no-resolv --no-hosts --user=root --pid-file= \
  --listen-address=127.0.0.1 --bind-interfaces --address=/www.example.com/192.0.2.1 --local=/example.com/ \
  --mx-host=example.com,mail.example.com,10 --txt-record=example.com,hello >/tmp/dnsmasq.log 2>&1 &
dnsmasq=$!

mkdir -p /tmp/www && echo 'all is ok' >/tmp/www/index.html && echo '{"status": "up"}' >/tmp/www/health.json
head -c 3000000 /dev/zero | tr '\0' x >/tmp/www/large
cat >/tmp/nginx.conf <<EOF
user nobody nogroup;
daemon off;
pid /tmp/nginx.pid;
events {}
http {
  access_log off;
  client_body_temp_path /tmp/n1; proxy_temp_path /tmp/n2; fastcgi_temp_path /tmp/n3;
  uwsgi_temp_path /tmp/n4; scgi_temp_path /tmp/n5;
  server {
    listen 80;
    listen 443 ssl;
    ssl_certificate $certificates/right.pem;
    ssl_certificate_key $certificates/right.key;
    root /tmp/www;
    location /down { return 503; }
    location /moved { return 301 /; }
    location /closed { return 444; }
    location /slow { alias /tmp/www/large; limit_rate 1000; }
    location /private { if (\$http_x_key != secret) { return 401; } alias /tmp/www/; }
  }
  server { listen 444 ssl; ssl_certificate $certificates/expired.pem; ssl_certificate_key $certificates/expired.key; }
}
EOF
"$tree/usr/sbin/nginx" -e /tmp/nginx.log -p /tmp/ -c /tmp/nginx.conf &

listens() { # PORT
  ss -Hltn "sport = :$1" | grep -q .
}
for port in 25 53 80; do
  tries=0
  until listens $port || [ $tries = 300 ]; do sleep 0.1 && tries=$((tries + 1)); done
done
