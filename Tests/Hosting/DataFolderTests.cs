using ChitChatz.Hosting.Configuration;
using ChitChatz.Hosting.Start;
using Microsoft.Extensions.Options;
using Xunit;

namespace ChitChatz.Tests.Hosting;

public sealed class DataFolderTests
{
    private static readonly string Local = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
    private static readonly string Home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify);

    [Fact]
    public void Path_WhenNothingIsSet_IsInTheUsersApplicationData() => Assert.Equal(Path.Combine(Local, "chitchatz"), Folder(null).Path);

    [Fact]
    public void Path_WhenRelative_DoesNotDependOnTheWorkingDirectory() => Assert.Equal(Path.Combine(Local, "team"), Folder("./team").Path);

    [Fact]
    public void Path_WhenBelowHome_IsBelowHome() => Assert.Equal(Path.Combine(Home, "chat"), Folder("~/chat").Path);

    [Fact]
    public void File_WhenTheFolderIsNew_MakesItForItsOwnerAlone()
    {
        var root = Directory.CreateTempSubdirectory();
        try
        {
            var folder = Folder(Path.Combine(root.FullName, "a", "b"));
            Assert.False(Directory.Exists(folder.Path), "It was made before anything was kept in it.");

            Assert.Equal(Path.Combine(folder.Path, "x"), folder.File("x"));

            Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
            if (!OperatingSystem.IsWindows())
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder.Path));
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }

    [Fact]
    public void File_WhenTheFolderCannotBeMade_NamesTheSetting()
    {
        var file = Path.GetTempFileName();
        try
        {
            var exception = Assert.Throws<StartupException>(() => Folder(Path.Combine(file, "x")).File("y"));

            Assert.Contains("Data:Folder", exception.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static DataFolder Folder(string? folder) => new(Options.Create(new DataSettings { Folder = folder }));
}
