using System.CommandLine;
using System.Net;

namespace MiniKube.Dns;

/// <summary>The name server's flags.</summary>
internal sealed class DnsFlags
{
    private static readonly DnsOptions Defaults = new();

    private readonly Option<string?> _kubeconfig = new("--kubeconfig") { Description = "The kubeconfig file with the address and the credentials for the API server." };
    private readonly Option<string> _domain = new("--cluster-domain") { Description = "The zone of the cluster's names.", DefaultValueFactory = _ => Defaults.ClusterDomain };
    private readonly Option<string> _address = new("--listen-address") { Description = "The IP address on which to take queries.", DefaultValueFactory = _ => Defaults.Listen.Address.ToString() };
    private readonly Option<int> _port = new("--port") { Description = "The port on which to take queries, UDP and TCP.", DefaultValueFactory = _ => Defaults.Listen.Port };
    private readonly Option<string> _resolvConf = new("--resolv-conf")
    {
        Description = "The file that names the servers for all other names; empty: there are none.",
        DefaultValueFactory = _ => "/etc/resolv.conf",
    };

    public DnsFlags(Command command)
    {
        _address.Validators.Add(result =>
        {
            if (!IPAddress.TryParse(result.GetValueOrDefault<string>(), out _))
            {
                result.AddError($"invalid argument \"{result.GetValueOrDefault<string>()}\" for \"{_address.Name}\" flag: must be an IP address");
            }
        });
        foreach (var option in (Option[])[_kubeconfig, _domain, _address, _port, _resolvConf])
        {
            command.Options.Add(option);
        }
    }

    public string? Kubeconfig(ParseResult result) => result.GetValue(_kubeconfig);

    public DnsOptions Options(ParseResult result) => new()
    {
        ClusterDomain = (result.GetValue(_domain) ?? "").Trim('.').ToLowerInvariant(),
        Listen = new IPEndPoint(IPAddress.Parse(result.GetValue(_address)!), result.GetValue(_port)),
        NameServers = NameServers(result.GetValue(_resolvConf)),
    };

    private static IReadOnlyList<IPAddress> NameServers(string? file) => !File.Exists(file) ? [] :
    [
        .. from line in File.ReadLines(file)
           let words = line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)
           where words is ["nameserver", _, ..] && IPAddress.TryParse(words[1], out _)
           select IPAddress.Parse(words[1]),
    ];
}
