namespace MiniKube.ControllerManager;

/// <summary>A controller there is.</summary>
/// <param name="Type">Its class.</param>
/// <param name="ServiceAccount">Whom it acts as with --use-service-account-credentials: upstream's role is system:controller:NAME. Null is the component itself.</param>
/// <param name="Alias">What it was called before, which --controllers takes too; null for none.</param>
/// <param name="OnByDefault">Whether it runs without being named.</param>
internal sealed record ControllerEntry(Type Type, string? ServiceAccount, string? Alias = null, bool OnByDefault = true);
