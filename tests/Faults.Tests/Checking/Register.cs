using System.Runtime.InteropServices;

using MiniKube.Faults.Tests.Histories;

namespace MiniKube.Faults.Tests.Checking;

/// <summary>
/// One object as the API promises it: absent, or a value of a version that rises with each write. A write whose answer was lost leaves a version that nobody
/// has seen yet.
/// </summary>
/// <param name="Value">Null when there is none.</param>
/// <param name="Version">0 when it is not known, or there is none.</param>
/// <param name="Floor">The newest version known to have been before.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Register(string? Value, long Version, long Floor)
{
    public static Register Absent { get; }

    private bool Exists => Value is not null;

    /// <summary>What is there after the operation; null if it could not have had that outcome here.</summary>
    public Register? After(Operation operation) => operation.Outcome switch
    {
        Outcome.NotFound => Exists ? null : this,
        Outcome.Exists => Exists ? this : null,
        Outcome.Conflict => Exists && Version == operation.VersionIn ? null : this,
        _ => Done(operation),
    };

    private Register? Done(Operation operation) => operation.Kind switch
    {
        OperationKind.Create => Exists ? null : Written(operation, Floor),
        OperationKind.Update => Exists && MayBe(operation.VersionIn) ? Written(operation, Math.Max(Floor, operation.VersionIn)) : null,
        OperationKind.Delete => Exists && (operation.VersionIn == 0 || MayBe(operation.VersionIn)) ? new Register(null, 0, Math.Max(Floor, Version)) : null,
        _ => Value == operation.Value && MayBe(operation.VersionOut) ? new Register(Value, operation.VersionOut, operation.VersionOut) : null,
    };

    private bool MayBe(long version) => Version == version || (Version == 0 && version > Floor);

    private static Register? Written(Operation operation, long floor)
    {
        if (operation.Outcome == Outcome.Unknown)
        {
            return new Register(operation.Value, 0, floor);
        }

        return operation.VersionOut > floor ? new Register(operation.Value, operation.VersionOut, operation.VersionOut) : null;
    }
}
