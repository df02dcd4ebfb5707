using System.CommandLine;
using System.Net;

using MiniKube.Hosting;
using MiniKube.Overlay.Subnets;
using MiniKube.Storage.Etcd;

namespace MiniKube.Overlay;

/// <summary>The overlay's flags: flanneld's.</summary>
internal sealed class OverlayFlags
{
    private static readonly OverlayOptions Defaults = new();

    private readonly Option<int> _verbosity = new("--v", "-v") { Description = "Number for the log level verbosity." };
    private readonly Option<string> _endpoints = new("--etcd-endpoints") { Description = "A comma-delimited list of etcd endpoints.", DefaultValueFactory = _ => "http://127.0.0.1:4001,http://127.0.0.1:2379" };
    private readonly Option<string> _prefix = new("--etcd-prefix") { Description = "The etcd prefix.", DefaultValueFactory = _ => Defaults.EtcdPrefix };
    private readonly Option<string?> _ca = new("--etcd-cafile") { Description = "The file with the authority of etcd's certificates (PEM)." };
    private readonly Option<string?> _certificate = new("--etcd-certfile") { Description = "The file with the client certificate for etcd (PEM)." };
    private readonly Option<string?> _key = new("--etcd-keyfile") { Description = "The file with its private key (PEM)." };
    private readonly Option<string?> _interface = new("--iface") { Description = "The interface (name or address) by which nodes reach each other; that of the default route without it." };
    private readonly Option<string?> _publicIP = new("--public-ip") { Description = "The address by which other nodes reach this one; the interface's without it." };
    private readonly Option<string> _subnetFile = new("--subnet-file") { Description = "Where to write the node's subnet, MTU and masquerading.", DefaultValueFactory = _ => Defaults.SubnetFile };
    private readonly Option<int> _margin = new("--subnet-lease-renew-margin") { Description = "How many minutes before its end a lease is renewed: 1 to 1439.", DefaultValueFactory = _ => (int)Defaults.RenewMargin.TotalMinutes };
    private readonly Option<bool> _masquerade = new("--ip-masq") { Description = "Let packets that leave the network take the node's address." };
    private readonly Option<bool> _forward = new("--iptables-forward-rules") { Description = "Accept forwarded packets of the network.", DefaultValueFactory = _ => Defaults.ForwardRules };
    private readonly Option<int> _resync = new("--iptables-resync") { Description = "How often, in seconds, to look whether the rules are still there.", DefaultValueFactory = _ => (int)Defaults.IptablesResync.TotalSeconds };
    private readonly Option<string> _healthzAddress = new("--healthz-ip") { Description = "The address on which to serve /healthz.", DefaultValueFactory = _ => "0.0.0.0" };
    private readonly Option<int> _healthzPort = new("--healthz-port") { Description = "The port on which to serve /healthz; 0 serves nothing." };

    public OverlayFlags(Command command)
    {
        foreach (var option in (Option[])[
            _verbosity, _endpoints, _prefix, _ca, _certificate, _key, _interface, _publicIP, _subnetFile, _margin, _masquerade, _forward, _resync,
            _healthzAddress, _healthzPort])
        {
            command.Options.Add(option);
        }

        _endpoints.Validators.Add(result =>
        {
            var text = result.GetValueOrDefault<string>() ?? "";
            if (Split(text) is not { Length: > 0 } endpoints || !endpoints.All(endpoint => Uri.TryCreate(endpoint, UriKind.Absolute, out _)))
            {
                result.AddError($"invalid argument \"{text}\" for \"--etcd-endpoints\" flag: must be URLs, separated by commas");
            }
        });
        _margin.Validators.Add(result => Require(
            result.GetValueOrDefault<int>() is > 0 and < 24 * 60, result, "invalid subnet-lease-renew-margin option, out of acceptable range"));
        _resync.Validators.Add(result => Require(
            result.GetValueOrDefault<int>() > 0, result, "invalid argument for \"--iptables-resync\" flag: must be a positive number of seconds"));
        _publicIP.Validators.Add(result => Require(
            result.GetValueOrDefault<string?>() is not { } text || Subnet.TryParseAddress(text, out _), result, "invalid public IP address"));
        _healthzAddress.Validators.Add(result => Require(
            IPAddress.TryParse(result.GetValueOrDefault<string>(), out _), result, "invalid argument for \"--healthz-ip\" flag: must be an IP address"));
    }

    public LoggingOptions Logging(ParseResult result) => new() { Verbosity = result.GetValue(_verbosity) };

    public EtcdStoreOptions Etcd(ParseResult result) => new()
    {
        Servers = [.. Split(result.GetValue(_endpoints) ?? "").Select(endpoint => new Uri(endpoint))],
        CaFile = result.GetValue(_ca),
        CertFile = result.GetValue(_certificate),
        KeyFile = result.GetValue(_key),
    };

    public OverlayOptions Options(ParseResult result) => new()
    {
        EtcdPrefix = (result.GetValue(_prefix) ?? Defaults.EtcdPrefix).TrimEnd('/'),
        Interface = result.GetValue(_interface),
        PublicIP = result.GetValue(_publicIP),
        SubnetFile = result.GetValue(_subnetFile) ?? Defaults.SubnetFile,
        RenewMargin = TimeSpan.FromMinutes(result.GetValue(_margin)),
        IpMasq = result.GetValue(_masquerade),
        ForwardRules = result.GetValue(_forward),
        IptablesResync = TimeSpan.FromSeconds(result.GetValue(_resync)),
    };

    /// <summary>Null serves nothing.</summary>
    public IPEndPoint? Healthz(ParseResult result) =>
        result.GetValue(_healthzPort) is > 0 and var port ? new IPEndPoint(IPAddress.Parse(result.GetValue(_healthzAddress) ?? "0.0.0.0"), port) : null;

    private static string[] Split(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static void Require(bool holds, System.CommandLine.Parsing.OptionResult result, string error)
    {
        if (!holds)
        {
            result.AddError(error);
        }
    }
}
