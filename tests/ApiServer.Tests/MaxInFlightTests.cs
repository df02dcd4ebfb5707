using System.Net.Http.Headers;

using MiniKube.TestSupport;

namespace MiniKube.ApiServer.Tests;

public sealed class MaxInFlightTests
{
    [Fact]
    public async Task Write_MoreAtOnceThanAllowed_IsToldToComeBack()
    {
        await using var server = await TestApiServer.StartAsync(options => options with { AuthorizationMode = "AlwaysAllow", MaxMutatingRequestsInflight = 1 });
        using var user = server.CreateClient("u", "dev");
        using var body = new HalfBody();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/namespaces/default/configmaps") { Content = body };

        // The body begins when the server asks for it: the request is in flight then.
        request.Headers.ExpectContinue = true;
        var held = user.SendAsync(request, TestContext.Current.CancellationToken);
        await body.Begun.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

        var refused = await new ApiClient(user, "default").CreateAsync("configmaps", """{"metadata":{"generateName":"a-"}}""");
        var read = await new ApiClient(user, "default").GetAsync("/api/v1/namespaces/default/configmaps");
        var admin = await new ApiClient(server.Client, "default").CreateAsync("configmaps", """{"metadata":{"name":"b"}}""");
        body.Finish();

        refused.Expect(429);
        Assert.Equal("Too many requests, please try again later.", refused.Message);
        Assert.Equal("1", refused.Headers.RetryAfter?.ToString());
        read.Expect(200);
        admin.Expect(201);
        Assert.Equal(201, (int)(await held).StatusCode);
        (await new ApiClient(user, "default").CreateAsync("configmaps", """{"metadata":{"name":"c"}}""")).Expect(201);
    }

    /// <summary>A body whose end comes when it is told.</summary>
    private sealed class HalfBody : HttpContent
    {
        private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public HalfBody() => Headers.ContentType = new MediaTypeHeaderValue("application/json");

        public Task Begun => _begun.Task;

        public void Finish() => _finished.TrySetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context)
        {
            var cancelled = TestContext.Current.CancellationToken;
            await stream.WriteAsync("""{"metadata":{"na"""u8.ToArray(), cancelled);
            await stream.FlushAsync(cancelled);
            _begun.TrySetResult();
            await _finished.Task.WaitAsync(cancelled);
            await stream.WriteAsync("""me":"held"}}"""u8.ToArray(), cancelled);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
