namespace MiniKube.Faults.Tests.Histories;

/// <summary>What a client asks for.</summary>
internal enum OperationKind
{
    Read,
    Create,
    Update,
    Delete,
}
