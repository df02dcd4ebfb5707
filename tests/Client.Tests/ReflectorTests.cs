using System.Runtime.CompilerServices;
using System.Threading.Channels;

using k8s;
using k8s.Models;

using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

using MiniKube.Api.Errors;
using MiniKube.Client.Informers;
using MiniKube.TestSupport;

namespace MiniKube.Client.Tests;

public sealed class ReflectorTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _clock = new();
    private readonly ScriptedSource _source = new();
    private readonly Informer<V1Pod> _informer = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    public ReflectorTests() => _running = new Reflector<V1Pod>(
        _source, _informer, new ListQuery(), _clock, new Random(1), NullLogger.Instance, "Pod").RunAsync(_stop.Token);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    [Fact]
    public async Task Watch_EndedByTheServer_IsResumedAfterTheLastBookmark()
    {
        Assert.Equal("10", await _source.NextWatchAsync());
        await _source.SendAsync(WatchEventType.Added, "a", "11");
        await _source.SendAsync(WatchEventType.Bookmark, "", "20");

        await _source.EndAsync(null);

        Assert.Equal("20", await _source.NextWatchAsync());
        Assert.Equal(1, _source.Lists);
        Assert.Equal("a", Assert.Single(_informer.List()).Metadata.Name);
    }

    [Fact]
    public async Task Watch_OfAVersionThatIsTooOld_ListsAgain()
    {
        await _source.NextWatchAsync();
        await _source.SendAsync(WatchEventType.Added, "a", "11");

        await _source.EndAsync(StatusException.Expired("too old resource version"));
        await AdvanceUntilAsync(() => _source.Lists == 2);

        Assert.Equal("10", await _source.NextWatchAsync());
        // The second list does not have it.
        Assert.Empty(_informer.List());
    }

    [Fact]
    public async Task Watch_BrokenConnection_IsResumedAfterAWhileWithoutListing()
    {
        await _source.NextWatchAsync();
        await _source.SendAsync(WatchEventType.Added, "a", "11");

        await _source.EndAsync(new HttpRequestException("connection refused"));
        await AdvanceUntilAsync(() => _source.Watches == 2);

        Assert.Equal("11", await _source.NextWatchAsync());
        Assert.Equal(1, _source.Lists);
    }

    private Task<bool> AdvanceUntilAsync(Func<bool> condition) => Eventually.GetAsync(
        _ =>
        {
            _clock.Advance(TimeSpan.FromMilliseconds(400));
            return Task.FromResult(condition());
        },
        isSo => isSo,
        TimeSpan.FromSeconds(10),
        TestContext.Current.CancellationToken);

    // Answers every list with nothing at version 10, and every watch with what the test sends.
    private sealed class ScriptedSource : IListWatch<V1Pod>
    {
        private readonly Channel<string> _watches = Channel.CreateUnbounded<string>();
        private readonly Channel<(WatchEvent<V1Pod>? Event, Exception? Failure)> _script = Channel.CreateUnbounded<(WatchEvent<V1Pod>?, Exception?)>();

        public int Lists { get; private set; }

        public int Watches { get; private set; }

        public Task<ObjectList<V1Pod>> ListAsync(ListQuery query, CancellationToken cancellationToken)
        {
            Lists++;
            return Task.FromResult(new ObjectList<V1Pod>("10", "", []));
        }

        public async IAsyncEnumerable<WatchEvent<V1Pod>> WatchAsync(ListQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            Watches++;
            await _watches.Writer.WriteAsync(query.ResourceVersion, cancellationToken);
            while (true)
            {
                var (next, failure) = await _script.Reader.ReadAsync(cancellationToken);
                if (failure is not null)
                {
                    throw failure;
                }

                if (next is null)
                {
                    yield break;
                }

                yield return next;
            }
        }

        public Task<string> NextWatchAsync() => _watches.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask();

        public Task SendAsync(WatchEventType type, string name, string version) => _script.Writer.WriteAsync(
            (new WatchEvent<V1Pod>(type, new V1Pod { Metadata = new V1ObjectMeta { Name = name, Uid = name, ResourceVersion = version } }), null),
            TestContext.Current.CancellationToken).AsTask();

        public Task EndAsync(Exception? failure) => _script.Writer.WriteAsync((null, failure), TestContext.Current.CancellationToken).AsTask();
    }
}
