using System.Net;
using System.Text.Json.Nodes;

using MiniKube.Storage;

namespace MiniKube.ApiServer.Bootstrap;

/// <summary>
/// Where the <c>kubernetes</c> Service leads to: every API server that lives. Each keeps a key with its address that the store drops 15 s after the last
/// renewal, and each writes the list of all; its own address is always in it, so the list is never empty by mistake.
/// </summary>
internal sealed class MasterEndpoints(IKeyValueStore storage, SystemWriter writer, IPAddress address, int securePort)
{
    private const string Prefix = "/registry/masterleases/";
    private static readonly TimeSpan TimeToLive = TimeSpan.FromSeconds(15);

    public async Task ReconcileAsync(CancellationToken cancellationToken)
    {
        if (IPAddress.IsLoopback(address))
        {
            // Nobody else reaches it there, and upstream's rules for Endpoints refuse such an address.
            return;
        }

        var lease = Operation.Put(Prefix + address, "{}"u8.ToArray(), TimeToLive);
        await storage.CommitAsync(new Transaction([], [lease]), cancellationToken);
        await WriteAsync([.. (await LivingAsync(cancellationToken)).Append(address.ToString()).Distinct()], cancellationToken);
    }

    /// <summary>Takes the own address out when the server stops, so that nobody waits for the key to expire. The last address stays: nobody else would bring it back.</summary>
    public async Task WithdrawAsync(CancellationToken cancellationToken)
    {
        await storage.CommitAsync(new Transaction([], [Operation.Delete(Prefix + address)]), cancellationToken);
        if (await LivingAsync(cancellationToken) is { Count: > 0 } others)
        {
            await WriteAsync(others, cancellationToken);
        }
    }

    private async Task<IReadOnlyList<string>> LivingAsync(CancellationToken cancellationToken) =>
        [.. (await storage.RangeAsync(new RangeQuery(KeyRange.Prefix(Prefix)), cancellationToken)).Items.Select(item => item.Key[Prefix.Length..])];

    private async Task WriteAsync(IEnumerable<string> addresses, CancellationToken cancellationToken)
    {
        var sorted = addresses.Order(StringComparer.Ordinal).ToList();
        await writer.ApplyAsync("", "endpoints", "default", Endpoints(sorted), cancellationToken);
        await writer.ApplyAsync("discovery.k8s.io", "endpointslices", "default", Slice(sorted), cancellationToken);
    }

    private JsonObject Endpoints(IEnumerable<string> addresses) => new()
    {
        ["metadata"] = Metadata("endpointslice.kubernetes.io/skip-mirror", "true"),
        ["subsets"] = new JsonArray(new JsonObject
        {
            ["addresses"] = new JsonArray([.. addresses.Select(ip => new JsonObject { ["ip"] = ip })]),
            ["ports"] = Ports(),
        }),
    };

    private JsonObject Slice(IEnumerable<string> addresses) => new()
    {
        ["metadata"] = Metadata("kubernetes.io/service-name", "kubernetes"),
        ["addressType"] = address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? "IPv6" : "IPv4",
        ["endpoints"] = new JsonArray([.. addresses.Select(ip => new JsonObject
        {
            ["addresses"] = new JsonArray(ip),
            ["conditions"] = new JsonObject { ["ready"] = true },
        })]),
        ["ports"] = Ports(),
    };

    private static JsonObject Metadata(string label, string value) => new()
    {
        ["name"] = "kubernetes",
        ["namespace"] = "default",
        ["labels"] = new JsonObject { [label] = value },
    };

    private JsonArray Ports() => new(new JsonObject { ["name"] = "https", ["port"] = securePort, ["protocol"] = "TCP" });
}
