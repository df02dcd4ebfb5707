using MiniKube.Kubelet.Runtime;
using MiniKube.Kubelet.Runtime.Docker;
using MiniKube.Kubelet.Tests.TestDoubles;

namespace MiniKube.Kubelet.Tests.Runtime;

public class DockerConnectionTests
{
    private static readonly DockerLimits Short = new() { Question = TimeSpan.FromMilliseconds(200), Command = TimeSpan.FromMilliseconds(300) };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Engine_ThatAcceptsAndNeverAnswers_IsGivenUp()
    {
        await using var engine = new TextServer(_ => null);
        using var connection = new DockerConnection(new Uri($"http://127.0.0.1:{engine.Port}"), Short);
        var runtime = new DockerRuntime(connection, "pause", new DockerParameters(0), TimeProvider.System);

        var question = await Assert.ThrowsAsync<ContainerRuntimeException>(() => runtime.GetVersionAsync(Token));
        var command = await Assert.ThrowsAsync<ContainerRuntimeException>(() => runtime.StartContainerAsync("id", Token));

        Assert.EndsWith("did not answer within 200ms", question.Message, StringComparison.Ordinal);
        Assert.EndsWith("did not answer within 300ms", command.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancellation_IsNotTheEnginesFailure()
    {
        await using var engine = new TextServer(_ => null);
        using var connection = new DockerConnection(new Uri($"http://127.0.0.1:{engine.Port}"), new DockerLimits());
        var runtime = new DockerRuntime(connection, "pause", new DockerParameters(0), TimeProvider.System);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        stop.CancelAfter(TimeSpan.FromMilliseconds(100));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => runtime.GetVersionAsync(stop.Token));
    }
}
