using k8s.Models;

namespace MiniKube.ControllerManager.Autoscaling;

/// <summary>What one metric calls for.</summary>
/// <param name="Replicas">How many replicas.</param>
/// <param name="Name">The metric, as messages call it.</param>
/// <param name="Status">What was measured.</param>
internal sealed record Recommendation(int Replicas, string Name, V2MetricStatus Status);
