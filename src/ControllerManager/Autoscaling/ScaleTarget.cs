using MiniKube.Api.Selectors;

namespace MiniKube.ControllerManager.Autoscaling;

/// <summary>What an autoscaler scales.</summary>
/// <param name="Wanted">spec.replicas.</param>
/// <param name="There">status.replicas.</param>
/// <param name="Selector">Chooses its pods.</param>
/// <param name="SetAsync">Sets spec.replicas; Conflict when the object has changed since.</param>
internal sealed record ScaleTarget(int Wanted, int There, LabelSelector Selector, Func<int, CancellationToken, Task> SetAsync);
