using Microsoft.Extensions.Time.Testing;

using MiniKube.TestSupport;

namespace MiniKube.ApiServer.Tests.WatchCache;

/// <summary>How far back watches may begin as time goes by.</summary>
public sealed class HistoryServiceTests
{
    private const string Path = "/api/v1/namespaces/default/configmaps";

    // The last hundred changes of a kind are kept however old they are.
    private const int Changes = 150;
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Watch_FromAVersionOfFourMinutesAgo_Begins_AndOfMuchLongerAgoIsExpired()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var server = await TestApiServer.StartAsync(clock: clock);
        var client = new ApiClient(server.Client, "default");
        var first = (await client.CreateConfigMapAsync("first")).ResourceVersion;
        for (var number = 0; number < Changes; number++)
        {
            await client.CreateConfigMapAsync($"later-{number}");
        }

        for (var minutes = 0; minutes < 4; minutes++)
        {
            clock.Advance(Minute);
            Assert.Equal("ADDED later-0", await FirstEventAsync(client, first));
        }

        await Eventually.GetAsync(
            _ =>
            {
                clock.Advance(Minute);
                return FirstEventAsync(client, first);
            },
            answer => answer.StartsWith("ERROR", StringComparison.Ordinal),
            TimeSpan.FromSeconds(60),
            TestContext.Current.CancellationToken);
    }

    private static async Task<string> FirstEventAsync(ApiClient client, string version)
    {
        using var watch = await client.WatchAsync($"{Path}?watch=true&resourceVersion={version}");
        return await watch.NextNameAsync();
    }
}
