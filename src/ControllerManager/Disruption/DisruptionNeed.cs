namespace MiniKube.ControllerManager.Disruption;

/// <summary>What a budget asks for.</summary>
/// <param name="Expected">How many pods there should be.</param>
/// <param name="Healthy">How many of them must be healthy.</param>
internal readonly record struct DisruptionNeed(int Expected, int Healthy);
