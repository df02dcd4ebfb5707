using System.Diagnostics;
using System.Text.Json.Nodes;

using MiniKube.TestSupport;
using MiniKube.TestSupport.Etcd;

namespace MiniKube.Faults.Tests.Rig;

/// <summary>etcd's own client: what it says does not depend on our code.</summary>
internal sealed class Etcdctl(EtcdCluster cluster)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private string Endpoints => string.Join(',', cluster.Members.Select(member => member.Address.ToString().TrimEnd('/')));

    /// <summary>The number of the member that leads; null while there is none.</summary>
    public async Task<int?> LeaderAsync()
    {
        for (var number = 0; number < cluster.Members.Count; number++)
        {
            var status = await StatusAsync(number);
            if (status is not null && status["header"]!["member_id"]!.ToJsonString() == status["leader"]?.ToJsonString())
            {
                return number;
            }
        }

        return null;
    }

    public async Task<string?> MemberIdAsync(int number) => await StatusAsync(number) is { } status
        ? status["header"]!["member_id"]!.GetValue<ulong>().ToString("x", System.Globalization.CultureInfo.InvariantCulture)
        : null;

    public async Task<long?> RevisionAsync(int number) => (await StatusAsync(number))?["header"]!["revision"]!.GetValue<long>();

    public Task<CommandResult> RunAsync(int number, params string[] arguments) => CommandRunner.RunAsync(
        "etcdctl",
        ["--endpoints", cluster.Members[number].Address.ToString().TrimEnd('/'), "--command-timeout=2s", "--dial-timeout=1s", .. arguments],
        new CommandInput { Environment = Version3, Timeout = Limit },
        TestContext.Current.CancellationToken);

    /// <summary>Prints every change below the prefix from that revision on as a line of JSON, until it is killed or its member loses the leader.</summary>
    public Process Watch(string prefix, long revision)
    {
        var start = new ProcessStartInfo("etcdctl", ["--endpoints", Endpoints, "watch", "--prefix", prefix, $"--rev={revision}", "-w", "json"]) { RedirectStandardOutput = true };
        start.Environment["ETCDCTL_API"] = "3";
        return Process.Start(start) ?? throw new InvalidOperationException("etcdctl did not start");
    }

    private static readonly Dictionary<string, string> Version3 = new() { ["ETCDCTL_API"] = "3" };

    private async Task<JsonNode?> StatusAsync(int number)
    {
        var result = await RunAsync(number, "endpoint", "status", "-w", "json");
        return result.ExitCode == 0 && result.Output.StartsWith('[') ? JsonNode.Parse(result.Output)?[0]?["Status"] : null;
    }
}
