using System.CommandLine;
using System.Net;

using MiniKube.Hosting;
using MiniKube.Proxy.Rendering;
using MiniKube.Proxy.Serving;

namespace MiniKube.Proxy;

/// <summary>The proxy's flags.</summary>
internal sealed class ProxyFlags
{
    private static readonly ProxyOptions Defaults = new() { NodeName = "" };

    private readonly Option<int> _verbosity = new("--v", "-v") { Description = "Number for the log level verbosity." };
    private readonly Option<string?> _kubeconfig = new("--kubeconfig") { Description = "The kubeconfig file with the address and the credentials for the API server." };
    private readonly Option<string?> _hostname = new("--hostname-override") { Description = "The name of this node; without it, the host's name." };
    private readonly Option<string> _mode = new("--proxy-mode") { Description = "How packets are led. Only iptables.", DefaultValueFactory = _ => "iptables" };
    private readonly Option<string> _clusterCidr = new("--cluster-cidr") { Description = "The range of the pods' addresses; two, separated by a comma, for both families.", DefaultValueFactory = _ => "" };
    private readonly Option<bool> _masqueradeAll = new("--masquerade-all") { Description = "SNAT all traffic that is sent to cluster addresses." };
    private readonly Option<int> _masqueradeBit = new("--iptables-masquerade-bit") { Description = "The bit of the packet mark that asks for SNAT, 0 to 31.", DefaultValueFactory = _ => 14 };
    private readonly Option<TimeSpan> _syncPeriod = GoDuration.Option("--iptables-sync-period", Defaults.SyncPeriod, "How often to look whether the rules are still there.");
    private readonly Option<TimeSpan> _minSyncPeriod = GoDuration.Option("--iptables-min-sync-period", Defaults.MinSyncPeriod, "The least time between two changes of the rules.");
    private readonly Option<string[]> _nodePortAddresses = new("--nodeport-addresses") { Description = "The ranges of the node's addresses on which node ports are served; all by default.", DefaultValueFactory = _ => [] };
    private readonly Option<string> _healthz = new("--healthz-bind-address") { Description = "Where to serve /healthz; empty serves nothing.", DefaultValueFactory = _ => "0.0.0.0:10256" };
    private readonly Option<string> _metrics = new("--metrics-bind-address") { Description = "Where to serve /metrics; empty serves nothing.", DefaultValueFactory = _ => "127.0.0.1:10249" };

    public ProxyFlags(Command command)
    {
        _mode.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is var mode and not ("" or "iptables"))
            {
                result.AddError($"unsupported proxy mode \"{mode}\": this proxy knows only iptables");
            }
        });
        foreach (var address in (Option<string>[])[_healthz, _metrics])
        {
            address.Validators.Add(result =>
            {
                if (result.GetValueOrDefault<string>() is { Length: > 0 } text && !IPEndPoint.TryParse(text, out _))
                {
                    result.AddError($"invalid argument \"{text}\" for \"{address.Name}\" flag: must be an address and a port");
                }
            });
        }

        foreach (var option in (Option[])[
            _verbosity, _kubeconfig, _hostname, _mode, _clusterCidr, _masqueradeAll, _masqueradeBit, _syncPeriod, _minSyncPeriod,
            _nodePortAddresses, _healthz, _metrics])
        {
            command.Options.Add(option);
        }
    }

    public string? Kubeconfig(ParseResult result) => result.GetValue(_kubeconfig);

    public LoggingOptions Logging(ParseResult result) => new() { Verbosity = result.GetValue(_verbosity) };

    public ProxyOptions Options(ParseResult result) => new()
    {
        NodeName = (result.GetValue(_hostname) is { Length: > 0 } name ? name : Dns.GetHostName()).Trim().ToLowerInvariant(),
        SyncPeriod = result.GetValue(_syncPeriod),
        MinSyncPeriod = result.GetValue(_minSyncPeriod),
        Iptables = new IptablesOptions
        {
            ClusterCidr = result.GetValue(_clusterCidr) ?? "",
            MasqueradeAll = result.GetValue(_masqueradeAll),
            MasqueradeBit = result.GetValue(_masqueradeBit),
            NodePortAddresses = [.. (result.GetValue(_nodePortAddresses) ?? []).SelectMany(text => text.Split(',', StringSplitOptions.RemoveEmptyEntries))],
        },
    };

    public ProxyServingOptions Serving(ParseResult result) => new()
    {
        Healthz = Address(result.GetValue(_healthz)),
        Metrics = Address(result.GetValue(_metrics)),
    };

    private static IPEndPoint? Address(string? text) => string.IsNullOrEmpty(text) ? null : IPEndPoint.Parse(text);
}
