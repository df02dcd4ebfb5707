using System.Buffers;
using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

using MiniKube.Api.Addresses;
using MiniKube.ApiServer.Authentication;
using MiniKube.Hosting;

namespace MiniKube.ApiServer;

/// <summary>The flags of the command and how they become options. Flags of upstream that change nothing here are accepted, so that its manifests work.</summary>
internal sealed class ApiServerFlags
{
    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.");

    private readonly Command _command;
    private readonly ApiServerOptions _defaults = new();
    private readonly Option<int> _verbosity;
    private readonly Option<string?> _bindAddress;
    private readonly Option<int> _securePort;
    private readonly Option<string?> _advertiseAddress;
    private readonly Option<string?> _certFile;
    private readonly Option<string?> _keyFile;
    private readonly Option<string?> _clientCa;
    private readonly Option<string?> _etcdServers;
    private readonly Option<string?> _etcdCa;
    private readonly Option<string?> _etcdCert;
    private readonly Option<string?> _etcdKey;
    private readonly Option<string?> _embeddedStore;
    private readonly Option<string?> _serviceRange;
    private readonly Option<string?> _nodePortRange;
    private readonly Option<string?> _kubeletCert;
    private readonly Option<string?> _kubeletKey;
    private readonly Option<string?> _kubeletCa;
    private readonly Option<string?> _authorizationMode;
    private readonly Option<string[]> _issuers;
    private readonly Option<string[]> _serviceAccountKeys;
    private readonly Option<string?> _signingKey;
    private readonly Option<string?> _audiences;
    private readonly Option<string?> _maxTokenExpiration;
    private readonly Option<bool> _extendTokenExpiration;
    private readonly Option<string?> _jwksUri;
    private readonly Option<string?> _tokenFile;
    private readonly Option<bool> _anonymousAuth;
    private readonly Option<bool> _bootstrapTokens;
    private readonly Option<bool> _allowPrivileged;
    private readonly Option<string?> _enabledAdmission;
    private readonly Option<string?> _disabledAdmission;
    private readonly Option<int> _maxInflight;
    private readonly Option<int> _maxMutating;
    private readonly Option<int> _maxStreams;
    private readonly Option<string?> _requestTimeout;
    private readonly Option<string?> _compactionInterval;
    private readonly Option<string?> _eventTtl;
    private readonly Option<string?> _shutdownDelay;
    private readonly Option<double> _goAwayChance;
    private readonly Option<string?> _auditLog;
    private readonly Option<int> _auditLogSize;
    private readonly Option<int> _auditLogBackups;
    private readonly Option<string?> _proxyCa;
    private readonly Option<string?> _proxyNames;
    private readonly Option<string?> _proxyUsers;
    private readonly Option<string?> _proxyUids;
    private readonly Option<string?> _proxyGroups;
    private readonly Option<string?> _proxyExtra;

    public ApiServerFlags(Command command)
    {
        _command = command;
        _verbosity = Add("--v", 0, "Number for the log level verbosity.");
        _bindAddress = Text("--bind-address", "The IP address on which to serve the API.");
        _securePort = Add("--secure-port", _defaults.SecurePort, "The port on which to serve HTTPS; 0 takes a free one.");
        _advertiseAddress = Text("--advertise-address", "The IP address that members of the cluster reach this server at.");
        _certFile = Text("--tls-cert-file", "File with the serving certificate (PEM).");
        _keyFile = Text("--tls-private-key-file", "File with its private key (PEM).");
        _clientCa = Text("--client-ca-file", "File with the authorities of client certificates (PEM).");
        _etcdServers = Text("--etcd-servers", "Comma separated URLs of etcd's members.");
        _etcdCa = Text("--etcd-cafile", "File with the authority of etcd's certificates (PEM).");
        _etcdCert = Text("--etcd-certfile", "File with the client certificate for etcd (PEM).");
        _etcdKey = Text("--etcd-keyfile", "File with its private key (PEM).");
        _embeddedStore = Text("--embedded-store", "File of the embedded store, used without --etcd-servers; :memory: keeps nothing.");
        _serviceRange = Text("--service-cluster-ip-range", "CIDR of which Services get their addresses.");
        _nodePortRange = Text("--service-node-port-range", "Ports that Services may take on nodes.");
        _kubeletCert = Text("--kubelet-client-certificate", "File with the client certificate for kubelets (PEM).");
        _kubeletKey = Text("--kubelet-client-key", "File with its private key (PEM).");
        _kubeletCa = Text("--kubelet-certificate-authority", "File with the authority of kubelets' certificates (PEM).");
        _authorizationMode = Text("--authorization-mode", "Who decides what users may do: a comma-separated list of Node, RBAC and AlwaysAllow.");
        _issuers = Add<string[]>("--service-account-issuer", [], "Identifier of the issuer of service account tokens. Given again: issuers that are still believed.");
        _serviceAccountKeys = Add<string[]>("--service-account-key-file", [], "File with keys that check service account tokens (PEM). May be given again.");
        _signingKey = Text("--service-account-signing-key-file", "File with the private key that signs service account tokens (PEM).");
        _audiences = Text("--api-audiences", "Comma-separated audiences of tokens that are shown to this server; by default the issuers.");
        _maxTokenExpiration = Text("--service-account-max-token-expiration", "The longest that a requested token may live, such as 24h0m0s.");
        _extendTokenExpiration = Add(
            "--service-account-extend-token-expiration", _defaults.ServiceAccountExtendTokenExpiration, "Whether the tokens of pods live on for clients that read them only once.");
        _jwksUri = Text("--service-account-jwks-uri", "Where clients find the keys of service account tokens.");
        _tokenFile = Text("--token-auth-file", "CSV file of tokens: token, user name, uid and, in quotes, groups.");
        _bootstrapTokens = Add("--enable-bootstrap-token-auth", _defaults.EnableBootstrapTokenAuth, "Whether secrets of type 'bootstrap.kubernetes.io/token' in the 'kube-system' namespace are used for TLS bootstrapping authentication.");
        _anonymousAuth = Add("--anonymous-auth", true, "Whether requests without credentials are of the user system:anonymous.");
        _allowPrivileged = Add("--allow-privileged", _defaults.AllowPrivileged, "If true, allow privileged containers.");
        _enabledAdmission = Text("--enable-admission-plugins", "Comma separated names of admission plugins besides those that are used by default: NodeRestriction.");
        _disabledAdmission = Text("--disable-admission-plugins", "Comma separated names of admission plugins that are not used.");
        _maxInflight = Add("--max-requests-inflight", _defaults.MaxRequestsInflight, "How many reading requests are worked on at once.");
        _maxMutating = Add("--max-mutating-requests-inflight", _defaults.MaxMutatingRequestsInflight, "How many writing requests are worked on at once.");
        _maxStreams = Add(
            "--http2-max-streams-per-connection", _defaults.Http2MaxStreamsPerConnection, "How many requests one HTTP/2 connection may carry at once.");
        _compactionInterval = Text("--etcd-compaction-interval", "How often the store forgets old revisions, such as 5m0s; 0 is never.");
        _eventTtl = Text("--event-ttl", "How long events are kept, such as 1h0m0s.");
        _requestTimeout = Text("--request-timeout", "How long a request may take, such as 1m0s.");
        _shutdownDelay = Text("--shutdown-delay-duration", "How long to serve on after /readyz has turned red, such as 5s.");
        _goAwayChance = Add("--goaway-chance", _defaults.GoAwayChance, "With which probability a client of HTTP/2 is asked to come again on another connection, at most .02; 0 is never.");
        _goAwayChance.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is < 0 or > 0.02)
            {
                result.AddError("--goaway-chance can not be less than 0 or greater than 0.02");
            }
        });
        _auditLog = Text("--audit-log-path", "If set, all requests coming to the apiserver will be logged to this file.  '-' means standard out.");
        _auditLogSize = Add("--audit-log-maxsize", 0, "The maximum size in megabytes of the audit log file before it gets rotated.");
        _auditLogBackups = Add("--audit-log-maxbackup", 0, "The maximum number of old audit log files to retain. Setting a value of 0 will mean there's no restriction on the number of files.");
        _proxyCa = Text("--requestheader-client-ca-file", "File with the authorities of front proxies, whose headers say who asks (PEM).");
        _proxyNames = Text("--requestheader-allowed-names", "Comma separated common names of front proxies; without any, all that the authorities have signed for.");
        _proxyUsers = Text("--requestheader-username-headers", "Comma separated headers that may hold the user's name. X-Remote-User is common.");
        _proxyUids = Text("--requestheader-uid-headers", "Comma separated headers that may hold the user's uid. X-Remote-Uid is suggested.");
        _proxyGroups = Text("--requestheader-group-headers", "Comma separated headers that hold the user's groups. X-Remote-Group is suggested.");
        _proxyExtra = Text("--requestheader-extra-headers-prefix", "Comma separated prefixes of headers that hold more about the user. X-Remote-Extra- is suggested.");
        foreach (var ignored in (string[])["--storage-backend"])
        {
            Text(ignored, "Accepted as upstream's.");
        }
    }

    public ApiServerOptions Read(ParseResult result)
    {
        var bind = Address(result.GetValue(_bindAddress)) ?? _defaults.BindAddress;
        return new ApiServerOptions
        {
            Logging = new LoggingOptions { Verbosity = result.GetValue(_verbosity) },
            BindAddress = bind,
            SecurePort = result.GetValue(_securePort),
            AdvertiseAddress = Address(result.GetValue(_advertiseAddress)) ?? (IPAddress.Any.Equals(bind) || IPAddress.IsLoopback(bind) ? FirstAddress() : bind),
            TlsCertFile = result.GetValue(_certFile),
            TlsPrivateKeyFile = result.GetValue(_keyFile),
            ClientCaFile = result.GetValue(_clientCa),
            EtcdServers = List(result.GetValue(_etcdServers)),
            EtcdCaFile = result.GetValue(_etcdCa),
            EtcdCertFile = result.GetValue(_etcdCert),
            EtcdKeyFile = result.GetValue(_etcdKey),
            EmbeddedStore = result.GetValue(_embeddedStore) ?? _defaults.EmbeddedStore,
            ServiceClusterIpRange = result.GetValue(_serviceRange) ?? _defaults.ServiceClusterIpRange,
            ServiceNodePortRange = result.GetValue(_nodePortRange) ?? _defaults.ServiceNodePortRange,
            KubeletClientCertificate = result.GetValue(_kubeletCert),
            KubeletClientKey = result.GetValue(_kubeletKey),
            KubeletCertificateAuthority = result.GetValue(_kubeletCa),
            AuthorizationMode = result.GetValue(_authorizationMode) ?? _defaults.AuthorizationMode,
            ServiceAccountIssuers = result.GetValue(_issuers) is { Length: > 0 } issuers ? issuers : _defaults.ServiceAccountIssuers,
            ServiceAccountKeyFiles = result.GetValue(_serviceAccountKeys) ?? [],
            ServiceAccountSigningKeyFile = result.GetValue(_signingKey),
            ApiAudiences = List(result.GetValue(_audiences)),
            ServiceAccountMaxTokenExpiration = Duration(result.GetValue(_maxTokenExpiration)) ?? TimeSpan.Zero,
            ServiceAccountExtendTokenExpiration = result.GetValue(_extendTokenExpiration),
            ServiceAccountJwksUri = result.GetValue(_jwksUri),
            TokenAuthFile = result.GetValue(_tokenFile),
            EnableBootstrapTokenAuth = result.GetValue(_bootstrapTokens),
            AnonymousAuth = result.GetValue(_anonymousAuth),
            AllowPrivileged = result.GetValue(_allowPrivileged),
            EnableAdmissionPlugins = List(result.GetValue(_enabledAdmission)),
            DisableAdmissionPlugins = List(result.GetValue(_disabledAdmission)),
            MaxRequestsInflight = result.GetValue(_maxInflight),
            MaxMutatingRequestsInflight = result.GetValue(_maxMutating),
            Http2MaxStreamsPerConnection = result.GetValue(_maxStreams),
            EtcdCompactionInterval = Duration(result.GetValue(_compactionInterval)) ?? _defaults.EtcdCompactionInterval,
            EventTtl = Duration(result.GetValue(_eventTtl)) ?? _defaults.EventTtl,
            RequestTimeout = Duration(result.GetValue(_requestTimeout)) ?? _defaults.RequestTimeout,
            GoAwayChance = result.GetValue(_goAwayChance),
            AuditLogPath = result.GetValue(_auditLog),
            AuditLogMaxSize = result.GetValue(_auditLogSize),
            AuditLogMaxBackup = result.GetValue(_auditLogBackups),
            RequestHeader = new RequestHeaderOptions
            {
                ClientCaFile = result.GetValue(_proxyCa),
                AllowedNames = List(result.GetValue(_proxyNames)),
                UsernameHeaders = List(result.GetValue(_proxyUsers)),
                UidHeaders = List(result.GetValue(_proxyUids)),
                GroupHeaders = List(result.GetValue(_proxyGroups)),
                ExtraHeaderPrefixes = List(result.GetValue(_proxyExtra)),
            },
            ShutdownDelayDuration = Duration(result.GetValue(_shutdownDelay)) ?? TimeSpan.Zero,
        };
    }

    private static IPAddress? Address(string? text) => string.IsNullOrEmpty(text) ? null : AddressText.TryParse(text, out var address) ? address : throw new FormatException($"invalid IP address: {text}");

    private static string[] List(string? text) => text?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    /// <summary>A duration as Go writes it: 1m30s, 500ms.</summary>
    private static TimeSpan? Duration(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        var total = TimeSpan.Zero;
        for (var rest = text.AsSpan(); rest.Length > 0;)
        {
            var digits = rest.IndexOfAnyExcept(NumberCharacters);
            var number = double.Parse(digits < 0 ? rest : rest[..digits], CultureInfo.InvariantCulture);
            rest = digits < 0 ? [] : rest[digits..];
            var letters = rest.IndexOfAny(NumberCharacters) is >= 0 and var next ? next : rest.Length;
            total += rest[..letters] switch
            {
                "h" => TimeSpan.FromHours(number),
                "m" => TimeSpan.FromMinutes(number),
                "s" => TimeSpan.FromSeconds(number),
                "ms" => TimeSpan.FromMilliseconds(number),
                "" when number == 0 => TimeSpan.Zero,
                _ => throw new FormatException($"time: invalid duration \"{text}\""),
            };
            rest = rest[letters..];
        }

        return total;
    }

    /// <summary>The address that packets to the outside leave from; no packet is sent. Upstream asks the routing table, too.</summary>
    private static IPAddress FirstAddress()
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            socket.Connect(new IPEndPoint(IPAddress.Parse("192.0.2.1"), 9));
            return (socket.LocalEndPoint as IPEndPoint)?.Address ?? IPAddress.Loopback;
        }
        catch (SocketException)
        {
            // No route: a machine by itself.
            return IPAddress.Loopback;
        }
    }

    private Option<string?> Text(string name, string description)
    {
        var option = new Option<string?>(name) { Description = description };
        _command.Options.Add(option);
        return option;
    }

    private Option<T> Add<T>(string name, T defaultValue, string description)
    {
        var option = new Option<T>(name) { Description = description, DefaultValueFactory = _ => defaultValue };
        _command.Options.Add(option);
        return option;
    }
}
