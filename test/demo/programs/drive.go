package main

import (
	"context"
	"os"

	"golang.org/x/oauth2/google"
	"google.golang.org/api/drive/v3"
	"google.golang.org/api/option"
)

func check(err error) {
	if err != nil {
		println(err.Error())
		os.Exit(1)
	}
}

func main() {
	ctx := context.Background()
	file, err := os.ReadFile(os.Getenv("GSAC_CLIENT"))
	check(err)
	config, err := google.ConfigFromJSON(file, drive.DriveAppdataScope)
	check(err)
	config.RedirectURL = "postmessage"
	token, err := config.Exchange(ctx, os.Args[1])
	check(err)
	service, err := drive.NewService(ctx, option.WithTokenSource(config.TokenSource(ctx, token)))
	check(err)
	_, err = service.Files.List().Spaces("appDataFolder").Do()
	check(err)
}
