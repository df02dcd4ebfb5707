using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.Api.Selectors;
using MiniKube.Client;
using MiniKube.Client.Controllers;
using MiniKube.Client.Events;
using MiniKube.Client.Informers;

namespace MiniKube.ControllerManager.Disruption;

/// <summary>
/// Says in the status of each PodDisruptionBudget how many of its pods may be disrupted now; the API server takes evictions from it. When that cannot be known, none may.
/// </summary>
internal sealed class DisruptionController(
    IObjectClient client,
    ILister<V1PodDisruptionBudget> budgets,
    ILister<V1Pod> pods,
    ExpectedScale scale,
    IEventRecorders recorders,
    TimeProvider clock) : IController
{
    private readonly IEventRecorder _events = recorders.For("controllermanager");

    public string Name => "disruption-controller";

    public void Configure(ControllerBuilder controller)
    {
        controller.For<V1PodDisruptionBudget>().Watches<V1Pod>(BudgetsOf);
        ExpectedScale.Configure(controller);
    }

    public async Task<ReconcileResult> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        if (!budgets.TryGet(key, out var budget))
        {
            return ReconcileResult.Done;
        }

        var chosen = pods.List(key.Namespace).Where(pod => Chooses(budget, pod)).ToList();
        if (chosen.Count == 0)
        {
            _events.Record(budget, "Normal", "NoPods", "No matching pods found");
        }

        var now = clock.GetKubernetesNow();
        V1PodDisruptionBudgetStatus status;
        try
        {
            var need = DisruptionBudgets.Need(budget, chosen, scale.Of);
            status = DisruptionBudgets.Status(budget, chosen, need, now);
        }
        catch (InvalidOperationException error)
        {
            _events.Record(budget, "Warning", "CalculateExpectedPodCountFailed", $"Failed to calculate the number of expected pods: {error.Message}");
            status = DisruptionBudgets.Failed(budget, error.Message, now);
        }

        await WriteAsync(budget, status, cancellationToken);
        return new ReconcileResult(DisruptionBudgets.UntilForgotten(status, now));
    }

    private async Task WriteAsync(V1PodDisruptionBudget budget, V1PodDisruptionBudgetStatus status, CancellationToken cancellationToken)
    {
        if (budget.Status is not null && DisruptionBudgets.IsSame(budget.Status, status))
        {
            return;
        }

        try
        {
            await client.UpdateStatusAsync(budget with { Status = status }, cancellationToken);
        }
        catch (StatusException exception) when (exception.Code == 404)
        {
            // Gone, and nobody asks it any more.
        }
    }

    private IEnumerable<NamespacedName> BudgetsOf(ObjectChange<V1Pod> change) => (change.New ?? change.Old) is { } pod
        ? budgets.List(pod.Key().Namespace).Where(budget => Chooses(budget, change.New) || Chooses(budget, change.Old)).Select(budget => budget.Key())
        : [];

    private static bool Chooses(V1PodDisruptionBudget budget, V1Pod? pod) =>
        pod is not null && LabelSelector.From(budget.Spec?.Selector).MatchesLabels(pod.Metadata?.Labels);
}
