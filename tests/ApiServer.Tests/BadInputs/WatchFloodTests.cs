using MiniKube.TestSupport;

namespace MiniKube.ApiServer.Tests.BadInputs;

/// <summary>More watches than any client needs (B13).</summary>
[Collection(AttackCollection.Name)]
public sealed class WatchFloodTests(AttackedServer server)
{
    private const int Connections = 10;
    private const int WatchesEach = 1000;
    private const int Selectors = 1000;

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(120);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task B13_TenThousandWatchesOfOneClient_AreServedAndTheirMemoryComesBack()
    {
        await FloodAsync("warm", WatchesEach / 100);
        var before = server.Memory("VmRSS");

        var cost = await server.MeasureAsync(() => FloodAsync("hot", WatchesEach));

        cost.ExpectWithin(Bound, 600);

        // What the collector keeps for later is not much beside what the flood has cost.
        await Eventually.GetAsync(_ => Task.FromResult(server.Memory("VmRSS")), now => now < before + (cost.Memory / 2), Bound, Cancelled);
    }

    private async Task FloodAsync(string name, int watches)
    {
        var connections = await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => Http2Connection.OpenAsync(server)));
        try
        {
            foreach (var connection in connections)
            {
                for (var index = 0; index < watches; index++)
                {
                    connection.Add(
                        Http2Connection.Headers,
                        Http2Connection.EndHeaders | Http2Connection.EndStream,
                        (index * 2) + 1,
                        Http2Connection.Get($"/api/v1/namespaces/bad/configmaps?watch=1&labelSelector=n%3Dv{index % Selectors}"));
                }

                Assert.True(await connection.SendAsync());
            }

            await WaitAsync(() => connections.All(connection => connection.Answered == watches));
            await server.Admin.CreateConfigMapAsync(name, ",\"labels\":{\"n\":\"v7\"}");
            var expected = watches > 7 ? 1 : 0;
            await WaitAsync(() => connections.All(connection => connection.CountOf($"\"name\":\"{name}\"") == expected));
        }
        finally
        {
            foreach (var connection in connections)
            {
                await connection.DisposeAsync();
            }
        }
    }

    private static Task<bool> WaitAsync(Func<bool> condition) => Eventually.GetAsync(_ => Task.FromResult(condition()), isSo => isSo, Bound, Cancelled);
}
