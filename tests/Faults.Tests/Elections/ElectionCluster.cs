using System.Net.Http.Json;
using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;
using MiniKube.TestSupport;
using MiniKube.TestSupport.Etcd;

namespace MiniKube.Faults.Tests.Elections;

/// <summary>
/// Two masters without their hosts: etcd, two API servers with audit logs, and at each a scheduler and a controller manager, all processes on loopback. Pods are deleted all the time, so that both have something
/// to write at every moment. MINIKUBE_ELECTION_LEASES=default gives leases upstream's times instead of those of <c>mk up --fast-failover</c>.
/// </summary>
public sealed class ElectionCluster : IAsyncLifetime
{
    private const int Masters = 2;
    private const string Pods = "/api/v1/namespaces/default/pods";

    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    private readonly TestCertificates _certificates = new();
    private readonly TemporaryFolder _files = new();
    private readonly EtcdProcess _etcd = new();
    private readonly CancellationTokenSource _stop = new();
    private List<ApiServerProcess> _servers = [];
    private List<Candidate> _candidates = [];
    private AuditReader? _audit;
    private Task _churning = Task.CompletedTask;

    internal static bool HasDefaultLeases => Environment.GetEnvironmentVariable("MINIKUBE_ELECTION_LEASES") == "default";

    internal IReadOnlyList<Candidate> Candidates => _candidates;

    internal static IReadOnlyList<string> Leases { get; } = ["kube-scheduler", "kube-controller-manager"];

    private static IReadOnlyList<string> ElectionFlags =>
        HasDefaultLeases ? [] : ["--leader-elect-lease-duration=5s", "--leader-elect-renew-deadline=3s", "--leader-elect-retry-period=1s"];

    public async ValueTask InitializeAsync()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await _etcd.StartAsync(cancellationToken);
        _servers = [.. Enumerable.Range(0, Masters).Select(number => new ApiServerProcess(
            _certificates, $"--etcd-servers={_etcd.Address}", $"--audit-log-path={LogOf(number)}", "--audit-log-maxsize=10000"))];
        _audit = new AuditReader([.. Enumerable.Range(0, Masters).Select(LogOf)]);
        _servers.ForEach(server => server.Start());
        await Task.WhenAll(_servers.Select(server => server.WaitUntilReadyAsync(cancellationToken)));
        using (var client = _servers[0].CreateClient())
        {
            await CreateWorkAsync(client, cancellationToken);
        }

        // A node that nobody looks after stays Ready only without the controllers that would look.
        _candidates =
        [
            .. _servers.Select((server, number) => new Candidate("scheduler", number, server, ElectionFlags)),
            .. _servers.Select((server, number) => new Candidate("controller-manager", number, server, ["--controllers=replicationcontroller-controller", .. ElectionFlags])),
        ];
        _candidates.ForEach(candidate => candidate.Start());
        _churning = Task.Run(ChurnAsync, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _churning;
        foreach (var each in _candidates.Cast<IAsyncDisposable>().Concat(_servers).Append(_etcd))
        {
            await each.DisposeAsync();
        }

        _audit?.Dispose();
        _stop.Dispose();
        _certificates.Dispose();
        _files.Dispose();
    }

    /// <summary>All that candidates did up to now.</summary>
    internal IReadOnlyList<AuditRecord> Read() => _audit?.Read() ?? [];

    /// <summary>The newest epoch's first write under a Lease that began after an epoch; waits until there is one.</summary>
    internal Task<AuditRecord> ActsAsync(string lease, long after) => FindAsync(
        records => records.Where(record => record.IsLeadersWrite && record.Lease == lease && record.Token > after).GroupBy(record => record.Token).MaxBy(epoch => epoch.Key)?.MinBy(record => record.Completed));

    /// <summary>Waits until a candidate has looked who holds its Lease, which is what those do who stand by, after a moment. Returns when that was.</summary>
    internal async Task<DateTimeOffset> StandsByAsync(Candidate candidate, DateTimeOffset after) => (await FindAsync(
        records => records.FirstOrDefault(record => record is { Verb: "get", Resource: "leases" } && record.User == candidate.User && record.Received > after))).Received;

    private async Task<AuditRecord> FindAsync(Func<IReadOnlyList<AuditRecord>, AuditRecord?> find)
    {
        try
        {
            return (await Eventually.GetAsync(_ => Task.FromResult(find(Read())), record => record is not null, Limit, TestContext.Current.CancellationToken))!;
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"Not within {Limit}. What candidates said:\n{string.Concat(_candidates.Select(candidate => candidate.Log))}");
        }
    }

    /// <summary>Who holds a Lease, by its identity; empty when it was given back.</summary>
    internal async Task<string> HolderAsync(string lease)
    {
        using var client = _servers[0].CreateClient();
        var json = await client.GetFromJsonAsync<JsonNode>($"/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/{lease}", TestContext.Current.CancellationToken);
        return json.StringAt("spec", "holderIdentity") ?? "";
    }

    private string LogOf(int server) => _files.File($"audit-{server}.log");

    private static async Task CreateWorkAsync(HttpClient client, CancellationToken cancellationToken)
    {
        const string Status = """{"capacity":{"cpu":"64","memory":"256Gi","pods":"1000"},"allocatable":{"cpu":"64","memory":"256Gi","pods":"1000"},"conditions":[{"type":"Ready","status":"True"}]}""";
        await SendAsync(client, HttpMethod.Post, "/api/v1/nodes", """{"metadata":{"name":"node"}}""", cancellationToken);
        await SendAsync(client, HttpMethod.Patch, "/api/v1/nodes/node/status", $$"""{"status":{{Status}}}""", cancellationToken);
        await SendAsync(
            client,
            HttpMethod.Post,
            "/api/v1/namespaces/default/replicationcontrollers",
            """{"metadata":{"name":"churn"},"spec":{"replicas":10,"template":{"metadata":{"labels":{"app":"churn"}},"spec":{"containers":[{"name":"c","image":"none"}]}}}}""",
            cancellationToken);
    }

    private static async Task SendAsync(HttpClient client, HttpMethod method, string path, string body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path)
        {
            Version = client.DefaultRequestVersion,
            VersionPolicy = client.DefaultVersionPolicy,
            Content = new StringContent(body, null, method == HttpMethod.Patch ? "application/merge-patch+json" : "application/json"),
        };
        using var response = await client.SendAsync(request, cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    private async Task ChurnAsync()
    {
        using var client = _servers[1].CreateClient();
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var pods = await client.GetFromJsonAsync<JsonNode>(Pods, CancellationToken.None);
                foreach (var pod in pods.ObjectsAt("items").Take(1))
                {
                    using var deleted = await client.DeleteAsync($"{Pods}/{pod.StringAt("metadata", "name")}?gracePeriodSeconds=0", CancellationToken.None);
                }
            }
            catch (HttpRequestException)
            {
                // A busy machine: this time there is less to do for others.
            }

            await Task.Delay(Period, TimeProvider.System, CancellationToken.None);
        }
    }
}
