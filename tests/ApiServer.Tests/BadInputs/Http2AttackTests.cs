using System.Globalization;

namespace MiniKube.ApiServer.Tests.BadInputs;

/// <summary>What HTTP/2 lets one client do (B14): the server ends the connection or serves on, and pays a bounded price either way.</summary>
[Collection(AttackCollection.Name)]
public sealed class Http2AttackTests(AttackedServer server)
{
    private const string ConfigMaps = "/api/v1/namespaces/bad/configmaps";
    private const int EnhanceYourCalm = 11;
    private const int RefusedStream = 7;
    private const int LargestFrame = 16 * 1024;

    private const int DefaultRequests = 20_000;
    private const int Together = 200;

    private static readonly byte[] SmallerWindow = [0, 4, 0, 1, 0, 0];

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    /// <summary>How many agents and paths there are: a million takes minutes.</summary>
    private static int Requests => int.TryParse(Environment.GetEnvironmentVariable("MINIKUBE_BAD_INPUT_REQUESTS"), CultureInfo.InvariantCulture, out var asked) ? asked : DefaultRequests;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    // CVE-2023-44487. As with upstream's server, whether the connection ends depends on whether the server falls behind: alone, it is after some 80,000 requests.
    [Fact]
    public async Task B14_RequestsTakenBackAtOnce_EndTheConnectionOrItIsServedOn()
    {
        await using var connection = await Http2Connection.OpenAsync(server);
        var block = Http2Connection.Get(ConfigMaps);
        const int Most = 200_000;
        var sent = 0;

        var cost = await server.MeasureAsync(async () =>
        {
            var isOpen = true;
            while (isOpen && sent < Most)
            {
                for (var end = sent + 1000; sent < end; sent++)
                {
                    connection.Add(Http2Connection.Headers, Http2Connection.EndHeaders | Http2Connection.EndStream, (sent * 2) + 1, block);
                    connection.Add(Http2Connection.Reset, 0, (sent * 2) + 1, [0, 0, 0, 8]);
                }

                isOpen = await connection.SendAsync();
            }

            var last = (sent * 2) + 1;
            connection.Add(Http2Connection.Headers, Http2Connection.EndHeaders | Http2Connection.EndStream, last, block);
            await connection.SendAsync();
            await connection.WaitForAsync(() => connection.LatestStream == last, Bound);
        });

        cost.ExpectWithin(Bound);
        Assert.True(connection.GoodbyeCode is null or EnhanceYourCalm, $"Goodbye with {connection.GoodbyeCode}");
    }

    [Fact]
    public async Task B14_HeadersThatNeverEnd_EndTheConnection()
    {
        await using var connection = await Http2Connection.OpenAsync(server);
        var filler = Http2Connection.Literal("x", new string('x', LargestFrame - 100), isIndexed: false);
        var sent = 0L;

        var cost = await server.MeasureAsync(async () =>
        {
            connection.Add(Http2Connection.Headers, Http2Connection.EndStream, 1, Http2Connection.Get(ConfigMaps));
            for (; sent < 64 * 1024 * 1024; sent += filler.Length)
            {
                connection.Add(Http2Connection.Continuation, 0, 1, filler);
                if (!await connection.SendAsync())
                {
                    break;
                }
            }

            await connection.Closed.WaitAsync(Bound, Cancelled);
        });

        cost.ExpectWithin(Bound);
        Assert.InRange(sent, 0, 32 * 1024 * 1024);
    }

    [Fact]
    public async Task B14_SmallHeadersThatUnfold_EndTheConnection()
    {
        await using var connection = await Http2Connection.OpenAsync(server);

        // One header of 4,000 bytes in the table, then a million references to it, a byte each: four gigabytes.
        byte[] first = [.. Http2Connection.Get(ConfigMaps), .. Http2Connection.Literal("x", new string('x', 4000), isIndexed: true)];
        var references = Enumerable.Repeat((byte)(0x80 | 62), LargestFrame).ToArray();

        var cost = await server.MeasureAsync(async () =>
        {
            connection.Add(Http2Connection.Headers, Http2Connection.EndStream, 1, first);
            for (var sent = 0; sent < 1_000_000; sent += references.Length)
            {
                connection.Add(Http2Connection.Continuation, 0, 1, references);
                if (!await connection.SendAsync())
                {
                    break;
                }
            }

            await connection.Closed.WaitAsync(Bound, Cancelled);
        });

        cost.ExpectWithin(Bound);
    }

    [Fact]
    public async Task B14_TenThousandStreams_AreRefusedAboveTheLimit()
    {
        await using var connection = await Http2Connection.OpenAsync(server);
        var block = Http2Connection.Get($"{ConfigMaps}?watch=1&timeoutSeconds=5");

        var cost = await server.MeasureAsync(async () =>
        {
            for (var index = 0; index < 10_000; index++)
            {
                connection.Add(Http2Connection.Headers, Http2Connection.EndHeaders | Http2Connection.EndStream, (index * 2) + 1, block);
                if (index % 100 == 99 && !await connection.SendAsync())
                {
                    break;
                }
            }

            await connection.WaitForAsync(() => connection.Ended >= 10_000, Bound);
        });

        cost.ExpectWithin(Bound, 500);
        Assert.InRange(connection.Answered, 0, 2000);

        // A server that hangs up while streams still come says goodbye first, but the reset of the connection may overtake it.
        var hungUp = connection.Closed.IsCompleted && connection.Ended < 10_000 && connection.GoodbyeCode is null;
        Assert.True(
            hungUp || connection.Resets.ContainsKey(RefusedStream) || connection.GoodbyeCode == EnhanceYourCalm,
            $"{connection.Resets.Count} kinds of resets, goodbye {connection.GoodbyeCode}");
    }

    // CVE-2019-9512, CVE-2019-9515.
    [Theory]
    [InlineData(Http2Connection.Ping, 8)]
    [InlineData(Http2Connection.Settings, 6)]
    public async Task B14_FramesThatWantAnAnswer_CostNothingThatLasts(byte type, int size)
    {
        await using var connection = await Http2Connection.OpenAsync(server);
        var payload = type == Http2Connection.Settings ? SmallerWindow : new byte[size];

        var cost = await server.MeasureAsync(async () =>
        {
            for (var round = 0; round < 300; round++)
            {
                for (var index = 0; index < 1000; index++)
                {
                    connection.Add(type, 0, 0, payload);
                }

                if (!await connection.SendAsync())
                {
                    break;
                }
            }
        });

        cost.ExpectWithin(Bound);
    }

    // CVE-2020-8552: what a client calls itself or asks for must not become a label.
    [Fact]
    public async Task B16_AgentsAndPathsWithoutEnd_AddNoLabels()
    {
        await using var connection = await Http2Connection.OpenAsync(server);
        var before = await CountSeriesAsync();
        var (sent, rounds) = (0, (Requests + Together - 1) / Together);

        var cost = await server.MeasureAsync(async () =>
        {
            for (; sent < rounds * Together; sent += Together)
            {
                for (var index = sent; index < sent + Together; index++)
                {
                    byte[] block =
                    [
                        .. Http2Connection.Get(index % 2 == 0 ? $"/nosuch{index}/{index}" : $"/apis/g{index}/v{index}/r{index}"),
                        .. Http2Connection.Literal("user-agent", $"agent{index}", isIndexed: false),
                    ];
                    connection.Add(Http2Connection.Headers, Http2Connection.EndHeaders | Http2Connection.EndStream, (index * 2) + 1, block);
                }

                Assert.True(await connection.SendAsync());
                await connection.WaitForAsync(() => connection.Ended >= sent + Together, Bound);
                Assert.False(connection.Closed.IsCompleted, $"Closed after {connection.Ended}, goodbye {connection.GoodbyeCode}");
            }
        });

        cost.ExpectWithin(Bound * Math.Max(1, Requests / DefaultRequests));
        Assert.Equal(sent, connection.Answered);
        Assert.InRange(await CountSeriesAsync(), 1, before + 100);
    }

    private async Task<int> CountSeriesAsync() => (await server.Admin.GetAsync("/metrics")).Expect(200).Text.Split('\n').Length;
}
