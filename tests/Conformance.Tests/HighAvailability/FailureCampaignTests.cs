using System.Globalization;
using System.Text.Json.Nodes;

using MiniKube.Faults.Tests.Checking;
using MiniKube.Faults.Tests.Histories;
using MiniKube.Faults.Tests.Rig;
using MiniKube.TestSupport;

namespace MiniKube.Conformance.Tests.HighAvailability;

/// <summary>
/// The failures of <c>mk demo ha</c>, checked: every object's history must have an order that explains what clients were told, and every informer must have been told what happened, as etcd's own watch tells it.
/// A clean restart of one master after the other fails no request at all. MINIKUBE_FAILURES names those to be tried, as <c>mk demo ha --help</c> lists them.
/// </summary>
[Collection(HighlyAvailableCluster.Collection)]
[Trait("Needs", "Machine")]
public sealed class FailureCampaignTests(HighlyAvailableCluster cluster, ITestOutputHelper output)
{
    private static readonly string[] Etcdctl = ["timeout", "3", "env", "ETCDCTL_API=3", "etcdctl", "--endpoints=https://127.0.0.1:2379"];

    // Where a member's own certificates are on its host.
    private const string Pki = "/etc/kubernetes/pki/etcd";

    public static TheoryData<string> Failures => [.. (Environment.GetEnvironmentVariable("MINIKUBE_FAILURES") ?? "kill-leading-master,restart-masters").Split(',')];

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task Failure_WhileClientsWork_LosesAndInventsNothing(string failure)
    {
        var steady = await cluster.GetSteadyAsync();
        var containers = await steady.ContainersAsync();
        using var journal = new TemporaryFolder();

        var demo = await cluster.MkAsync("demo", "ha", "--only", failure, "--journal", journal.Path);

        output.WriteLine(demo.Output);
        demo.EnsureSuccess();
        var lines = (await File.ReadAllLinesAsync(journal.File($"{failure}.jsonl"), TestContext.Current.CancellationToken)).Select(line => JsonNode.Parse(line)!).ToList();
        var operations = lines.Where(line => line["kind"] is { } kind && kind.GetValue<string>() != "List").Select(ToOperation).ToList();
        var ranges = lines.Where(line => line["informer"] is not null).Select(ToRange).ToList();
        AssertNothing(LinearizabilityChecker.Check(operations));
        AssertNothing(WatchChecker.Check(await TruthAsync(lines[0]["namespace"]!.GetValue<string>(), operations.Where(operation => operation.VersionOut > 0).Min(operation => operation.VersionOut)), ranges));
        if (failure == "restart-masters")
        {
            Assert.DoesNotContain(lines, line => line["outcome"]?.GetValue<string>() == nameof(Outcome.Unknown));
        }

        if (!failure.EndsWith("-node", StringComparison.Ordinal))
        {
            Assert.Subset(await steady.ContainersAsync(), containers);
        }
    }

    private static void AssertNothing(IReadOnlyList<string> wrong) => Assert.True(wrong.Count == 0, string.Join('\n', wrong));

    /// <summary>What happened from that revision on, which was the first that any client was told.</summary>
    private async Task<IReadOnlyList<ObjectEvent>> TruthAsync(string ns, long revision)
    {
        var changes = new StoreChanges(ns);
        var watch = await cluster.MkAsync(
            [
                "host", "etcd1", "--", .. Etcdctl, $"--cacert={Pki}/ca.crt", $"--cert={Pki}/server.crt", $"--key={Pki}/server.key",
                "watch", "--prefix", changes.Prefix, string.Create(CultureInfo.InvariantCulture, $"--rev={revision}"), "-w", "json",
            ]);
        return [.. watch.Output.Split('\n').SelectMany(changes.Read)];
    }

    private static Operation ToOperation(JsonNode line)
    {
        var outcome = Enum.Parse<Outcome>(line["outcome"]!.GetValue<string>());
        return new Operation(
            line["client"]!.GetValue<int>(),
            line["key"]!.GetValue<string>(),
            Enum.Parse<OperationKind>(line["kind"]!.GetValue<string>()),
            line["value"]?.GetValue<string>(),
            line["versionIn"]!.GetValue<long>(),
            line["versionOut"]!.GetValue<long>(),
            Ticks(line["call"]!),
            outcome == Outcome.Unknown ? long.MaxValue : Ticks(line["return"]!),
            outcome);
    }

    private static WatchRange ToRange(JsonNode line) => new(
        line["informer"]!.GetValue<string>(),
        line["from"]!.GetValue<long>(),
        [.. line["changes"]!.AsArray().Select(change => new ObjectEvent(
            change!["type"]!.GetValue<string>(), change["name"]!.GetValue<string>(), change["version"]!.GetValue<long>(), change["value"]!.GetValue<string>()))]);

    private static long Ticks(JsonNode time) => TimeSpan.Parse(time.GetValue<string>(), CultureInfo.InvariantCulture).Ticks;
}
