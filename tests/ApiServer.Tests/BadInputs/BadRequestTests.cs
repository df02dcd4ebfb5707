using MiniKube.TestSupport;

namespace MiniKube.ApiServer.Tests.BadInputs;

/// <summary>Every bad request gets its status, soon, at a bounded cost of memory, and a healthy client beside it hardly notices.</summary>
[Collection(AttackCollection.Name)]
public sealed class BadRequestTests(AttackedServer server)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    public static TheoryData<string> Names => [.. BadRequests.All.Select(bad => bad.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Request_ThatIsBad_IsAnsweredAtABoundedCost(string name)
    {
        var bad = BadRequests.All.Single(one => one.Name == name);
        var client = bad.User is { } user ? server.As(user) : server.Admin;
        var body = bad.Body?.Invoke();
        var answered = (Status: 0, Text: "");

        var cost = await server.MeasureAsync(async () =>
        {
            var (response, text) = await client.SendBytesAsync(bad.Method, bad.Path, body, bad.ContentType, bad.Headers);
            answered = ((int)response.StatusCode, System.Text.Encoding.UTF8.GetString(text));
            response.Dispose();
        });

        Assert.True(answered.Status == bad.Status, $"Expected {bad.Status}, got {answered.Status}: {answered.Text}");
        cost.ExpectWithin(Soon);
    }

    [Fact]
    public async Task B22_TenThousandGeneratedNames_AreAllGiven()
    {
        var (asked, names) = (0, new System.Collections.Concurrent.ConcurrentDictionary<string, bool>());

        var cost = await server.MeasureAsync(() => Parallel.ForEachAsync(
            Enumerable.Range(0, 64),
            new ParallelOptions { MaxDegreeOfParallelism = 64, CancellationToken = TestContext.Current.CancellationToken },
            async (_, _) =>
            {
                while (Interlocked.Increment(ref asked) <= 10_000)
                {
                    var made = await server.Admin.CreateAsync("configmaps", """{"metadata":{"generateName":"b22-","labels":{"b22":""}}}""");
                    Assert.True(names.TryAdd(made.Expect(201).Json["metadata"]!["name"]!.GetValue<string>(), true));
                }
            }));

        Assert.Equal(10_000, names.Count);
        cost.ExpectWithin(TimeSpan.FromMinutes(3));
        (await server.Admin.SendAsync(HttpMethod.Delete, server.Admin.Core("configmaps?labelSelector=b22"))).Expect(200);
    }

    [Fact]
    public async Task B36_CertificatesThatAreNobodys_AreRefused()
    {
        using var strangers = new TestCertificates();
        var (certificate, key) = strangers.Client("admin", "system:masters");

        var cost = await server.MeasureAsync(async () =>
        {
            (await server.With(certificate, key).GetAsync(server.Admin.Core("configmaps"))).Expect(401);
            (await server.WithSubject("O=system:masters").GetAsync(server.Admin.Core("configmaps"))).Expect(401);
        });

        cost.ExpectWithin(Soon);
    }
}
