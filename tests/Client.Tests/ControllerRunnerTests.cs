using Microsoft.Extensions.Logging.Abstractions;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.Client.Controllers;
using MiniKube.Client.Informers;

using Prometheus;

namespace MiniKube.Client.Tests;

public sealed class ControllerRunnerTests
{
    [Fact]
    public async Task Run_CancelledWhileAWriteIsRefused_EndsSilently()
    {
        using var term = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        using var controller = new RefusedController();
        var runner = new ControllerRunner(new NoInformers(), Metrics.WithCustomRegistry(Metrics.NewCustomRegistry()), TimeProvider.System, NullLogger<ControllerRunner>.Instance);
        var running = runner.RunAsync(controller, term.Token);
        await controller.Working.WaitAsync(term.Token);

        await term.CancelAsync();

        await running.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    /// <summary>Its one reconciliation ends with a refusal, as a fenced write does, at the moment when its term ends.</summary>
    private sealed class RefusedController : IController, IDisposable
    {
        public SemaphoreSlim Working { get; } = new(0);

        public string Name => "refused-controller";

        public int Workers => 1;

        public void Configure(ControllerBuilder controller) => controller.Runs(
            (add, cancellationToken) =>
            {
                add(new NamespacedName("default", "any"));
                return new TaskCompletionSource().Task.WaitAsync(cancellationToken);
            },
            _ => Task.CompletedTask);

        public async Task<ReconcileResult> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken)
        {
            var cancelled = new TaskCompletionSource();
            await using var registration = cancellationToken.Register(cancelled.SetResult);
            Working.Release();
            await cancelled.Task;
            throw StatusException.Unauthorized("the lease is lost");
        }

        public void Dispose() => Working.Dispose();
    }

    private sealed class NoInformers : IInformerFactory
    {
        public IInformer<T> Get<T>(string labelSelector = "", string fieldSelector = "", string @namespace = "")
            where T : class, k8s.IKubernetesObject<k8s.Models.V1ObjectMeta> => throw new NotSupportedException("This controller watches nothing");
    }
}
