# Loaded into ldirectord (perl -M): for each file of $LDIRECTORD_FILES, ldirectord starts in a
# process of its own, in which every health check finds its server up, and ends after the second
# round of checks, with its table left in the kernel. Prints the exit status of each and the table,
# which is then cleared.
#
# A fork of a large perl is slow in a guest: modules that only health checks and mail use are not
# loaded, a shell runs ipvsadm, and processes end without perl's tidying up.
package AllServersUp;
use strict;
use warnings;
use IPC::Open2;
use POSIX ();

BEGIN {
  $INC{$_} = __FILE__ for qw(
    IO/Socket/INET6.pm LWP/Debug.pm LWP/UserAgent.pm Mail/Send.pm Net/HTTP.pm Net/Ping.pm
    Net/SMTP.pm Pod/Usage.pm URI.pm
  );
}

my @checks = grep { $_ ne 'none' } qw(
  connect dns external external_perl ftp http imap imaps ldap mysql nntp none oracle pgsql ping pop
  radius simpletcp sip smtp
);

# The process that runs ldirectord; undefined in the one that starts it for each file.
my $ldirectord;

my ($answers, $questions);

INIT {
  $| = 1;
  open2($answers, $questions, 'sh');
  read_listings_of_shell();
  for my $file (split /\n/, $ENV{LDIRECTORD_FILES}) {
    my $child = fork // die "fork: $!";
    if ($child == 0) {
      $ldirectord = $$;
      start($file);
      last;
    }
    waitpid $child, 0;
    print "@@ $file ", $? & 127 ? 'signal ' . ($? & 127) : $? >> 8, "\n";
    next if is_empty();
    in_shell('(./ipvsadm -Sn; echo ...; ./ipvsadm -Ln --thresholds; ./ipvsadm -C) >table');
    print contents('table');
  }
  exit 0 unless @ARGV;
}

END {
  POSIX::_exit($?) if defined $ldirectord;
}

# Whether the kernel's table has no service.
sub is_empty {
  return (() = contents('/proc/net/ip_vs') =~ /\n/g) <= 3;
}

sub contents {
  my ($name) = @_;
  open my $file, '<', $name or die "$name: $!";
  local $/;
  return <$file>;
}

# Runs a command, and returns what system() returns.
sub in_shell {
  my ($command) = @_;
  print $questions "$command; echo \$?\n";
  $questions->flush;
  return <$answers> << 8;
}

# ldirectord's functions that read ipvsadm's listings, which the shell writes into a file.
sub read_listings_of_shell {
  my $source = contents($0);
  for my $name ('ld_read_ipvsadm', 'ld_read_ipvsadm_thresholds') {
    my ($function) = $source =~ /^(sub $name\n\{.*?^\})/ms or die "no $name";
    $function =~ s/\(\$fh, ("\$IPVSADM (.*?) 2>&1\|")\)/(\$fh, AllServersUp::listing('$2', $1))/
      or die "$name does not run ipvsadm";
    no warnings 'redefine';
    eval "package main; no strict; $function; 1" or die $@;
  }
  return;
}

# Returns what to open for a listing. The children of `fork = yes` must not use the same shell.
sub listing {
  my ($options, $command) = @_;
  return $command if $$ != $ldirectord;
  in_shell("./ipvsadm $options >listing 2>&1");
  return 'listing';
}

# Prepares this process for ldirectord's main program, which runs next.
sub start {
  my ($file) = @_;
  @ARGV = ('-d', $file, 'start');
  open STDERR, '>>', "$file.log" or die "$file.log: $!";
  open STDOUT, '>&', \*STDERR or die "stdout: $!";
  alarm 60;
  no strict 'refs';
  no warnings 'redefine';
  for my $check (@checks) {
    *{"main::check_$check"} = sub {
      my ($service, $server) = @_;
      main::service_set($service, $server, 'up', { do_log => 1 });
      return 0;
    };
  }
  *main::ld_emailalert_net_smtp = *main::ld_emailalert_mail_send = sub { return 0 };
  my $system = \&main::system_wrapper;
  *main::system_wrapper = sub {
    my ($command) = @_;
    # What no shell changes.
    return $system->(@_) if $$ != $ldirectord || @_ > 1 || $command !~ m{^[\w./:,\[\] -]+$};
    return in_shell("$command >>$file.log 2>&1");
  };
  # Called between two rounds of checks.
  *main::check_cfgfile = sub {
    kill 'KILL', values %main::FORK_CHILDREN;
    POSIX::_exit(0);
  };
  return;
}

1;
