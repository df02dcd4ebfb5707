using System.Threading.Channels;

using k8s.Models;

using Microsoft.Extensions.Logging.Abstractions;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.Client.LeaderElection;
using MiniKube.TestSupport;

namespace MiniKube.Client.Tests;

public sealed class LeaderElectorTests : IAsyncLifetime
{
    private static readonly NamespacedName Lease = new("kube-system", "test");

    private TestApiServer _server = null!;
    private ApiConnection _connection = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await TestApiServer.StartAsync();
        _connection = new ApiConnection(new KubernetesClientOptions { Kubeconfig = _server.Kubeconfig, Component = "test" });
    }

    public async ValueTask DisposeAsync()
    {
        _connection.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Run_TwoCandidates_OneLeads_AndTheOtherFollowsWhenItStops()
    {
        await using var first = new Candidate(_connection, "first");
        await first.StartedLeadingAsync();
        await using var second = new Candidate(_connection, "second");

        Assert.Equal("first", (await LeaseAsync()).Spec.HolderIdentity);
        Assert.False(second.Elector.IsLeader);
        await first.StopAsync();

        await second.StartedLeadingAsync();
        var lease = await LeaseAsync();
        Assert.Equal("second", lease.Spec.HolderIdentity);
        Assert.Equal(1, lease.Spec.LeaseTransitions);
    }

    [Fact]
    public async Task Lead_LeaseTakenByAnother_StopsTheWorkAndStandsBy()
    {
        await using var candidate = new Candidate(_connection, "first");
        await candidate.StartedLeadingAsync();

        await TakeAsync("thief");
        await candidate.StoppedLeadingAsync();
        Assert.False(candidate.Elector.IsLeader);
        await TakeAsync("");

        await candidate.StartedLeadingAsync();
        Assert.Equal("first", (await LeaseAsync()).Spec.HolderIdentity);
    }

    [Fact]
    public async Task Fence_OfADeposedLeader_IsRefused()
    {
        await using var candidate = new Candidate(_connection, "first");
        await candidate.StartedLeadingAsync();
        var fenced = new ObjectClient(_connection, candidate.Fence, TimeProvider.System);
        await fenced.CreateAsync(ConfigMap("while-leading"), Cancelled);

        await TakeAsync("thief");
        await candidate.StoppedLeadingAsync();

        await Assert.ThrowsAsync<StatusException>(() => fenced.CreateAsync(ConfigMap("too-late"), Cancelled));
    }

    private static V1ConfigMap ConfigMap(string name) => new()
    {
        ApiVersion = "v1",
        Kind = "ConfigMap",
        Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = "default" },
    };

    private Task<V1Lease> LeaseAsync() => Client().GetAsync<V1Lease>(Lease, Cancelled);

    private ObjectClient Client() => new(_connection, null, TimeProvider.System);

    private async Task TakeAsync(string holder) => await Client().PatchAsync<V1Lease>(
        Lease, new V1Patch(new { spec = new { holderIdentity = holder } }, V1Patch.PatchType.MergePatch), null, Cancelled);

    private sealed class Candidate : IAsyncDisposable
    {
        private readonly Channel<string> _told = Channel.CreateUnbounded<string>();
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _running;

        public Candidate(ApiConnection connection, string identity)
        {
            var options = new LeaderElectionOptions
            {
                Lease = Lease,
                Identity = identity,
                LeaseDuration = TimeSpan.FromSeconds(2),
                RenewDeadline = TimeSpan.FromSeconds(1.5),
                RetryPeriod = TimeSpan.FromMilliseconds(100),
            };
            Elector = new LeaderElector(connection, Fence, options, TimeProvider.System, Random.Shared, NullLogger<LeaderElector>.Instance);
            _running = Elector.RunAsync(WorkAsync, _stop.Token);
        }

        public FencingToken Fence { get; } = new();

        public LeaderElector Elector { get; }

        public async Task StartedLeadingAsync() => Assert.Equal("started", await NextAsync());

        public async Task StoppedLeadingAsync() => Assert.Equal("stopped", await NextAsync());

        public async Task StopAsync()
        {
            await _stop.CancelAsync();
            await _running;
        }

        public async ValueTask DisposeAsync()
        {
            await StopAsync();
            _stop.Dispose();
        }

        private async Task<string> NextAsync() => await _told.Reader.ReadAsync(Cancelled).AsTask().WaitAsync(TimeSpan.FromSeconds(60), Cancelled);

        private async Task WorkAsync(CancellationToken cancellationToken)
        {
            await _told.Writer.WriteAsync("started", CancellationToken.None);
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            }
            finally
            {
                await _told.Writer.WriteAsync("stopped", CancellationToken.None);
            }
        }
    }
}
