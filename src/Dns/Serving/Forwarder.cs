using ARSoft.Tools.Net;
using ARSoft.Tools.Net.Dns;

namespace MiniKube.Dns.Serving;

/// <summary>Asks the servers of the outside, one after the other.</summary>
internal sealed class Forwarder(DnsOptions options) : IDisposable
{
    // Shorter than the five seconds after which resolvers ask again.
    private const int TimeoutMilliseconds = 2000;

    private readonly DnsClient? _client = options.NameServers.Count == 0 ? null : new DnsClient(options.NameServers, TimeoutMilliseconds);

    /// <summary>Null if no server answers, or there is none.</summary>
    public async Task<DnsMessage?> AskAsync(DomainName name, RecordType type, CancellationToken cancellationToken) => _client is null
        ? null
        : await _client.ResolveAsync(name, type, RecordClass.INet, new DnsQueryOptions { IsRecursionDesired = true, IsEDnsEnabled = true }, cancellationToken);

    public void Dispose() => (_client as IDisposable)?.Dispose();
}
