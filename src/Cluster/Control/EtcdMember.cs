using System.Globalization;
using System.Text.Json;

using MiniKube.Cluster.Hosts;
using MiniKube.Cluster.Plans;

namespace MiniKube.Cluster.Control;

/// <summary>A member of a cluster's etcd, by the etcdctl of its own host, so that one that is cut off answers too.</summary>
internal sealed class EtcdMember(Host host)
{
    private const string CommandTimeout = "--command-timeout=3s";

    /// <summary>What the member is called: as its host.</summary>
    public string Name => host.Name;

    public static IEnumerable<EtcdMember> All(ClusterHosts cluster) => cluster.With(cluster.Layout.EtcdMembers).Select(host => new EtcdMember(host));

    public async Task<EtcdMemberState> StateAsync(CancellationToken cancellationToken)
    {
        if (host.ProcessId is null)
        {
            return new EtcdMemberState(host.Name, "the host is down");
        }

        var (exitCode, output, error) = await host.TryAsync(CommandLine("endpoint", "status", "-w", "json"), cancellationToken);
        return exitCode == 0 && output.StartsWith('[') ? Parse(host.Name, output) : new EtcdMemberState(host.Name, Reason(error));
    }

    /// <summary>Reads what <c>etcdctl endpoint status -w json</c> prints of one endpoint.</summary>
    internal static EtcdMemberState Parse(string host, string json)
    {
        using var document = JsonDocument.Parse(json);
        var status = document.RootElement[0].GetProperty("Status");
        var header = status.GetProperty("header");
        var fault = status.TryGetProperty("errors", out var errors) ? string.Join("; ", errors.EnumerateArray().Select(one => one.GetString())) : null;
        return new EtcdMemberState(host, fault)
        {
            Id = Number(header, "member_id"),
            Revision = (long)Number(header, "revision"),
            Leader = Number(status, "leader"),
            IsLearner = status.TryGetProperty("isLearner", out var learner) && learner.GetBoolean(),
            RaftIndex = Number(status, "raftIndex"),
            DatabaseSize = (long)Number(status, "dbSize"),
            Version = status.GetProperty("version").GetString() ?? "",
        };
    }

    /// <summary>Null if the member takes part in a write, else why not.</summary>
    public async Task<string?> WhyNotHealthyAsync(CancellationToken cancellationToken)
    {
        if (host.ProcessId is null)
        {
            return "the host is down";
        }

        var (exitCode, _, error) = await host.TryAsync(CommandLine("endpoint", "health"), cancellationToken);
        return exitCode == 0 ? null : Reason(error);
    }

    /// <summary>The ids of all members, by name; one that was added and has not started has an empty name.</summary>
    public async Task<IReadOnlyList<(string Name, ulong Id)>> MembersAsync(CancellationToken cancellationToken)
    {
        using var document = JsonDocument.Parse(await host.RunAsync(CommandLine("member", "list", "-w", "json"), cancellationToken));
        return [.. document.RootElement.GetProperty("members").EnumerateArray().Select(member =>
            (member.TryGetProperty("name", out var name) ? name.GetString() ?? "" : "", Number(member, "ID")))];
    }

    /// <summary>Takes a member out. Null, or why the others refuse: they do for 5 s after one of them was away.</summary>
    public Task<string?> TryRemoveAsync(ulong id, CancellationToken cancellationToken) => TryChangeAsync(["remove", Hex(id)], cancellationToken);

    /// <summary>Takes a member in that counts for no majority yet. Null, or why not.</summary>
    public Task<string?> TryAddLearnerAsync(ClusterHost member, CancellationToken cancellationToken) =>
        TryChangeAsync(["add", member.Name, $"--peer-urls={EtcdPlan.PeerUrl(member)}", "--learner"], cancellationToken);

    /// <summary>Makes a learner a voter. Null, or why it cannot be one yet.</summary>
    public Task<string?> TryPromoteAsync(ulong id, CancellationToken cancellationToken) => TryChangeAsync(["promote", Hex(id)], cancellationToken);

    private async Task<string?> TryChangeAsync(string[] change, CancellationToken cancellationToken)
    {
        var (exitCode, _, error) = await host.TryAsync(CommandLine(["member", .. change]), cancellationToken);
        return exitCode == 0 ? null : Reason(error);
    }

    /// <summary>Writes a key. Null, or why not.</summary>
    public async Task<string?> TryPutAsync(string key, string value, CancellationToken cancellationToken)
    {
        var (exitCode, _, error) = await host.TryAsync(CommandLine("put", key, value), cancellationToken);
        return exitCode == 0 ? null : Reason(error);
    }

    private static string[] CommandLine(params string[] command) => ["env", "ETCDCTL_API=3", "etcdctl", .. EtcdPlan.ClientFlags, CommandTimeout, .. command];

    private static ulong Number(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetUInt64() : 0;

    private static string Hex(ulong id) => id.ToString("x", CultureInfo.InvariantCulture);

    /// <summary>etcdctl logs as JSON and ends with a line for people.</summary>
    private static string Reason(string error) => error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? "no answer";
}
